import type { Pool } from 'pg'
import { insertEnds } from '../audit/record.ts'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { VerifyPassword } from '../passwords/hash.ts'
import type { Body, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'
import { lockOf } from './second-factor/app.ts'
import { challengeValue } from './second-factor/challenge.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool }
type OnChanged = (userId: string) => Promise<void>
type Handled = { endpoint: Endpoint; body: Body | undefined; observed: Observed }

/**
 * Ends the sessions of a user whose password was changed, after the change is committed. better-auth does it inside the
 * transaction that changes the password, which misses a sign-in with the old one that commits in between (it still finds
 * the old hash, see below), and not at all where an administrator sets the password.
 */
export function endSessionsOfChangedPassword({ env, pool }: Parts, onChanged: OnChanged) {
  const [session, verification, device, limit] = ['session', 'verification', 'trustedDevice', 'rateLimit'].map((name) =>
    tableName(env, name),
  )
  const endOthers = insertEnds(env, `DELETE FROM ${session} WHERE "userId" = $1 AND "token" IS DISTINCT FROM $2`)
  // Whoever knows the old password has begun sign-ins, may have had a device trusted, and may have locked the codes.
  const forgetWhatItOpened = [
    { text: `DELETE FROM ${verification} WHERE "value" = $1`, of: challengeValue },
    { text: `DELETE FROM ${device} WHERE "userId" = $1`, of: (userId: string) => userId },
    { text: `DELETE FROM ${limit} WHERE "key" = $1`, of: lockOf },
  ]

  return async function endSessions(response: Response, { endpoint, body, observed }: Handled): Promise<void> {
    if (response.status >= 300 || endpoint.password !== 'changed') return
    // Named in the body: an administrator sets it.
    const userId = endpoint.unknownUser === undefined ? observed.endedFor : String(body?.userId)
    if (userId === undefined) return
    const by = { userId, actorId: observed.actorId ?? null }
    await pool.query(endOthers([userId, (await tokenOf(response)) ?? null], by, observed.origin))
    await onChanged(userId)
    for (const { text, of } of forgetWhatItOpened) await pool.query(text, [of(userId)])
  }
}

/**
 * Between the moment a sign-in has verified a password and the moment its session is there, that password can be
 * changed and every session ended: all but this one. So the new session looks again. Whoever changes the password
 * writes it before ending sessions; so either that finds this session, or this look finds the new password.
 */
export function refuseOutdatedSignIns({ env, pool, verify }: Parts & { verify: VerifyPassword }) {
  const [session, account, verification] = ['session', 'account', 'verification'].map((name) => tableName(env, name))
  // Of several rows, the one that a sign-in takes: internal-adapter.ts.
  const find = (owner: string) =>
    `SELECT a."password" FROM ${account} a WHERE a."providerId" = 'credential' AND a."userId" = ${owner}
     ORDER BY a."accountId" = a."userId"::text DESC LIMIT 1`
  /** The sign-in waits for a second factor: there is no session yet. */
  const challenged = { find: find('$1'), end: `DELETE FROM ${verification} WHERE "identifier" = $1` }
  const signedIn = {
    find: find(`(SELECT s."userId" FROM ${session} s WHERE s."token" = $1)`),
    end: `DELETE FROM ${session} WHERE "token" = $1`,
  }

  return async function refuseOutdated(response: Response, { endpoint, observed }: Handled): Promise<Response> {
    const { verified, challenge, halfSignIn, isRechecked } = observed
    if (isRechecked === true) return response
    if (endpoint.session !== 'made' || verified === undefined || response.status >= 300) return response
    const statements = halfSignIn ? challenged : signedIn
    const made = halfSignIn ? challenge : await tokenOf(response)
    const { rows } = await pool.query<{ password: string }>(statements.find, [halfSignIn?.userId ?? made])
    if (await isStillRight(verified, rows[0]?.password)) return response
    await pool.query(statements.end, [made])
    return Response.json(WRONG_PASSWORD, { status: 401 })
  }

  /** A concurrent sign-in may have hashed the same password again: see rehash.ts. */
  async function isStillRight({ password, hash }: { password: string; hash: string }, stored: string | undefined) {
    return stored === hash || (stored !== undefined && (await verify({ password, hash: stored })))
  }
}

/** Of the new session, where the response gives one. */
async function tokenOf(response: Response): Promise<string | null | undefined> {
  const { token } = (await response.clone().json()) as { token?: string | null }
  return token
}

/** As better-auth says it. */
const WRONG_PASSWORD = { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }
