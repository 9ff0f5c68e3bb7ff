import { authOptions } from '../auth/options.ts'
import type { Env } from '../env.ts'
import { DatabaseUnavailable } from '../errors.ts'
import { expectedMigrations } from './expected.ts'
import { tableName } from './names.ts'
import type { Pools } from './pools.ts'
import { read } from './read.ts'

export type Readiness = 'ready' | 'migrations-pending' | 'database-unavailable'

/** One cheap query: are all steps recorded that this version needs? Their tables are not looked at again. */
export async function readiness(pools: Pools, env: Env): Promise<Readiness> {
  const expected = expectedMigrations(authOptions({ env, pool: pools.auth }), env)
  const text = `SELECT count(*)::int AS "applied" FROM ${tableName(env, 'auth_migration')} WHERE "name" = ANY($1)`
  try {
    const { rows } = await read<{ applied: number }>(pools.auth, { text, values: [expected] })
    return rows[0]?.applied === expected.length ? 'ready' : 'migrations-pending'
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    return isTableMissing(error.cause) ? 'migrations-pending' : 'database-unavailable'
  }
}

/** Table or schema: nothing was ever migrated here. */
function isTableMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000')
}
