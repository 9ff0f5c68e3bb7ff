import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import type { Hashing } from '../passwords/hash.ts'
import type { Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool; log: Pick<Log, 'warn'>; hashing: Hashing }
type Handled = { endpoint: Endpoint; observed: Observed }

/**
 * Replaces a hash of another kind once its password was typed: that of an older system, or of better-auth before us. By
 * compare-and-swap, so that a password which is changed meanwhile wins. It is no change of the password: nothing ends,
 * and where it fails the sign-in stands, and the next one tries again.
 */
export function createRehash({ env, pool, log, hashing }: Parts) {
  const swap = `UPDATE ${tableName(env, 'account')} SET "password" = $1 WHERE "providerId" = 'credential' AND "password" = $2`

  return async function rehash(response: Response, { endpoint, observed }: Handled): Promise<void> {
    const { verified } = observed
    if (endpoint.password !== 'verified' || verified === undefined || response.status >= 300) return
    if (hashing.isCurrent(verified.hash)) return
    try {
      await pool.query(swap, [await hashing.hash(verified.password), verified.hash])
    } catch (err) {
      log.warn({ err }, 'a password could not be hashed again, its next sign-in will try')
    }
  }
}
