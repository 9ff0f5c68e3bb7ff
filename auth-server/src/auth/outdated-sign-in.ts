import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Observation } from './observation.ts'

/**
 * Between the moment a sign-in has verified a password and the moment its session is there, that password can be
 * changed and every session ended: all but this one. So the new session looks again. Whoever changes the password
 * writes it before ending sessions; so either that finds this session, or this look finds the new password.
 */
export function refuseOutdatedSignIns({ env, pool, observation }: Parts): (answer: Response) => Promise<Response> {
  const [session, account] = [tableName(env, 'session'), tableName(env, 'account')]
  const endOutdated = `
    DELETE FROM ${session} s WHERE s."token" = $1 AND NOT EXISTS (
      SELECT FROM ${account} a WHERE a."userId" = s."userId" AND a."providerId" = 'credential' AND a."password" = $2)`

  return async function refuseOutdated(answer) {
    const hash = observation.verifiedHash()
    if (hash === undefined || answer.status >= 300) return answer
    const { token } = (await answer.clone().json()) as { token?: string }
    const { rowCount } = await pool.query(endOutdated, [token, hash])
    return rowCount === 0 ? answer : Response.json(WRONG_PASSWORD, { status: 401 })
  }
}

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool; observation: Observation }

/** As better-auth says it. */
const WRONG_PASSWORD = { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }
