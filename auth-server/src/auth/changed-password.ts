import type { Pool } from 'pg'
import { insertEnds } from '../audit/record.ts'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Body, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool }
type OnChanged = (userId: string) => Promise<void>
type Handled = { endpoint: Endpoint; body: Body | undefined; observed: Observed }

/**
 * Ends the sessions of a user whose password was changed, after the change is committed. better-auth does it inside the
 * transaction that changes the password, which misses a sign-in with the old one that commits in between (it still finds
 * the old hash, see below), and not at all where an administrator sets the password.
 */
export function endSessionsOfChangedPassword({ env, pool }: Parts, onChanged: OnChanged) {
  const session = tableName(env, 'session')
  const endOthers = insertEnds(env, `DELETE FROM ${session} WHERE "userId" = $1 AND "token" IS DISTINCT FROM $2`)

  return async function endSessions(response: Response, { endpoint, body, observed }: Handled): Promise<void> {
    if (response.status >= 300 || endpoint.password !== 'changed') return
    // Named in the body: an administrator sets it.
    const userId = endpoint.unknownUser === undefined ? observed.endedFor : String(body?.userId)
    if (userId === undefined) return
    const by = { userId, actorId: observed.actorId ?? null }
    await pool.query(endOthers([userId, (await tokenOf(response)) ?? null], by, observed.origin))
    await onChanged(userId)
  }
}

/**
 * Between the moment a sign-in has verified a password and the moment its session is there, that password can be
 * changed and every session ended: all but this one. So the new session looks again. Whoever changes the password
 * writes it before ending sessions; so either that finds this session, or this look finds the new password.
 */
export function refuseOutdatedSignIns({ env, pool }: Parts) {
  const [session, account] = [tableName(env, 'session'), tableName(env, 'account')]
  const endOutdated = `
    DELETE FROM ${session} s WHERE s."token" = $1 AND NOT EXISTS (
      SELECT FROM ${account} a WHERE a."userId" = s."userId" AND a."providerId" = 'credential' AND a."password" = $2)`

  return async function refuseOutdated(response: Response, { endpoint, observed }: Handled): Promise<Response> {
    const { verifiedHash } = observed
    if (endpoint.session !== 'made' || verifiedHash === undefined || response.status >= 300) return response
    const { rowCount } = await pool.query(endOutdated, [await tokenOf(response), verifiedHash])
    return rowCount === 0 ? response : Response.json(WRONG_PASSWORD, { status: 401 })
  }
}

/** Of the new session, where the response gives one. */
async function tokenOf(response: Response): Promise<string | null | undefined> {
  const { token } = (await response.clone().json()) as { token?: string | null }
  return token
}

/** As better-auth says it. */
const WRONG_PASSWORD = { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }
