import { randomUUID } from 'node:crypto'
import { runWithAdapter, tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { Pool } from 'pg'
import { rowOf } from '../audit/record.ts'
import type { Env } from '../env.ts'
import type { Mails } from './mails/mails.ts'
import { isNoticed, noticeOf } from './mails/notices.ts'
import { isNewDevice, readFirstOver } from './new-devices.ts'
import type { Observation, Observed } from './observation.ts'
import type { SharedReads } from './read-user-once.ts'
import { signedIn } from './recorded-events.ts'
import { writeSignIn } from './sign-in-statement.ts'

type InternalAdapter = AuthContext['internalAdapter']
type CreateSession = InternalAdapter['createSession']
type Adapter = AuthContext['adapter']
type Parts = {
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>
  pool: Pool
  adapter: Adapter
  observation: Observation
  mails: Pick<Mails, 'isOn' | 'rowOf' | 'wake'>
  reads: SharedReads
}
/** What a sign-in with the right password has found out: enough to make the session of a user with nothing special. */
type Found = Required<Pick<Observed, 'verified' | 'credential'>>

export const SIGN_IN = '/sign-in/email'

/**
 * A sign-in with a password writes its session in one statement, not in a transaction of five and two more after it: that is half of
 * its work beside the hash. Whoever is banned or has a second factor, and every other way of signing in, goes on as before; so does a
 * sign-in that finds out in the end that it was decided by what has changed.
 *
 * @param createSession better-auth's own, which records nothing. `internalAdapter` has the one that does.
 */
export function signInAtOnce(internalAdapter: InternalAdapter, createSession: CreateSession, parts: Parts): void {
  const { adapter, observation, reads } = parts
  const others = internalAdapter.createSession
  const write = createWrite(parts)

  internalAdapter.createSession = (async (...given) => {
    const found = foundBy(observation.current, given[0])
    if (!found) return others(...given)
    const create = async (row: { model: string; data: Record<string, unknown> }) =>
      row.model === 'session' ? write(found, row.data) : adapter.create(row)
    try {
      const writing = { ...adapter, create } as Adapter
      return await reads.startingWith(found.credential.user, () =>
        runWithAdapter(writing, () => createSession(...given)),
      )
    } catch (error) {
      if (error instanceof Changed) return others(...given)
      throw error
    }
  }) as CreateSession
}

function foundBy(observed: Observed | undefined, userId: string): Found | undefined {
  const { verified, credential } = observed ?? {}
  if (tryGetCurrentAuthEndpointContext()?.path !== SIGN_IN || !verified || !credential) return undefined
  const { user } = credential
  return user.id === userId && !user.banned && !user.twoFactorEnabled ? { verified, credential } : undefined
}

function createWrite({ env, pool, observation, mails }: Parts) {
  const statement = writeSignIn(env)
  const readFirst = readFirstOver({ env, pool })

  return async function write({ verified: { hash }, credential: { user, accountId } }: Found, data: object) {
    const session = { impersonatedBy: null, lastUsedAt: null, ...data, id: randomUUID(), userId: user.id }
    const { origin, guess } = observation.current ?? {}
    const event = signedIn(SIGN_IN, session, await isNewDevice({ observation, readFirst }, user))
    const sendsMail = mails.isOn && isNoticed(event)
    const { rowCount } = await pool.query(
      statement(
        { accountId, hash, email: user.email },
        {
          session,
          event: { id: randomUUID(), ...rowOf(event, origin), createdAt: new Date() },
          mail: sendsMail ? mails.rowOf(noticeOf({ event, origin }, user)) : undefined,
          guess: guess?.key ?? null,
        },
      ),
    )
    if (rowCount !== 1) throw new Changed()
    if (guess) guess.isGivenBack = true
    if (sendsMail) mails.wake()
    observation.note({ signedInAs: user.email, isRechecked: true })
    return session
  }
}

/** Not an error of anybody's: what the sign-in was decided by. */
class Changed extends Error {}
