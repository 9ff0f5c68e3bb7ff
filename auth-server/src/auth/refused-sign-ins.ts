import type { Pool } from 'pg'
import { insertEvent } from '../audit/record.ts'
import type { Env } from '../env.ts'
import type { Body, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool }
type Handled = { endpoint: Endpoint; body: Body | undefined; observed: Observed }

const REFUSED = new Set([401, 403])

/**
 * Records a sign-in that was refused, before the response. Also where nobody has the address, then without a user: the time of
 * the response must not tell who has an account. What the caller typed is not kept.
 */
export function recordRefusedSignIns({ env, pool }: Parts) {
  const insert = insertEvent(env)

  return async function recordRefusal(response: Response, { endpoint, observed }: Handled): Promise<void> {
    const isGuess = endpoint.password === 'verified' || endpoint.guesses !== undefined
    const isSignIn = endpoint.session === 'made' && isGuess
    if (!isSignIn || !REFUSED.has(response.status)) return
    const { code } = (await response.clone().json()) as { code: string }
    const userId = observed.soughtUser ?? null
    await pool.query(insert({ type: 'sign-in-failed', userId, details: { code } }, observed.origin))
  }
}
