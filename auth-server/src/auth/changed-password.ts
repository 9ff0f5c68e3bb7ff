import type { AuthContext } from 'better-auth'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Observation } from './observation.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool; observation: Observation }
type Context = Pick<AuthContext, 'internalAdapter'>
type Asked = { route: string | undefined; body: Record<string, unknown> | undefined }

/**
 * Ends the sessions of a user whose password was changed, after the change is committed. better-auth does it inside the
 * transaction that changes the password, which misses a sign-in with the old one that commits in between (it still finds
 * the old hash, see outdated-sign-in.ts), and not at all where an administrator sets the password.
 */
export function endSessionsOfChangedPassword({ env, pool, observation }: Parts) {
  const session = tableName(env, 'session')
  const endOthers = `DELETE FROM ${session} WHERE "userId" = $1 AND "token" IS DISTINCT FROM $2`

  return async function endSessions(answer: Response, { route, body }: Asked): Promise<void> {
    if (answer.status >= 300) return
    const userId = route === SET_BY_ADMIN ? String(body?.userId) : observation.endedFor()
    if (userId === undefined || !CHANGES.has(route ?? '')) return
    await pool.query(endOthers, [userId, await newToken(answer)])
  }
}

/** A reset does not say whose password it was, and a change not whether the other sessions were to end. */
export async function noteEndsOfSessions(context: Promise<Context>, observation: Observation): Promise<void> {
  const { internalAdapter } = await context
  const { deleteUserSessions } = internalAdapter
  internalAdapter.deleteUserSessions = (userId) => {
    observation.noteEndedFor(userId)
    return deleteUserSessions(userId)
  }
}

const SET_BY_ADMIN = '/api/auth/admin/set-user-password'
const CHANGES = new Set([SET_BY_ADMIN, '/api/auth/change-password', '/api/auth/reset-password'])

/** Of the session that a change of password gives its caller instead of the old one. */
async function newToken(answer: Response): Promise<string | null> {
  const { token } = (await answer.clone().json()) as { token?: string | null }
  return token ?? null
}
