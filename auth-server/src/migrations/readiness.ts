import type { Pool } from 'pg'
import { authOptions } from '../auth/better-auth.ts'
import { askOver } from '../database/ask.ts'
import { tableName } from '../database/names.ts'
import type { Pools } from '../database/pools.ts'
import { compare } from '../database/schema/compare.ts'
import { inspect } from '../database/schema/inspect.ts'
import { settingProblems } from '../database/session-settings.ts'
import { read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { expectedMigrations, neededSchema } from './expected.ts'

export type Readiness =
  | { state: 'ready' | 'migrations-pending' | 'database-unavailable' }
  /** Requests would fail, or revocations would be lost; `problems` name tables, columns, keys and triggers. */
  | { state: 'schema-differs'; problems: string[] }
  /** Settings of the database or the role that nobody can work with; `problems` say what to do about each. */
  | { state: 'misconfigured'; problems: string[] }

/** Anybody may ask, and an inspection costs a few milliseconds of the database. */
const FRESH_MS = 2000

/** Looks at the tables at most once in two seconds, however many ask; a database that is back is seen at once. */
export function createReadiness(pools: Pools, env: Env): () => Promise<Readiness> {
  let last: { until: number; result: Promise<Readiness> } | undefined
  return async () => {
    const current = last
    if (current && performance.now() < current.until) return current.result
    const next = { until: Number.POSITIVE_INFINITY, result: readiness(pools, env) }
    last = next
    const { state } = await next.result.finally(() => {
      next.until = 0
    })
    if (state === 'ready' || state === 'schema-differs') next.until = performance.now() + FRESH_MS
    return next.result
  }
}

/** Are all steps recorded that this version needs, and do the tables still fit? */
export async function readiness(pools: Pools, env: Env): Promise<Readiness> {
  try {
    if (!(await isRecorded(pools, env))) return { state: 'migrations-pending' }
    const misconfigured = await settingProblems(askOver(pools.auth), env)
    if (misconfigured.length > 0) return { state: 'misconfigured', problems: misconfigured }
    const problems = await schemaProblems(pools.auth, env)
    return problems.length === 0 ? { state: 'ready' } : { state: 'schema-differs', problems }
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== 'DATABASE_UNAVAILABLE') throw error
    return { state: isTableMissing(error.cause) ? 'migrations-pending' : 'database-unavailable' }
  }
}

async function isRecorded(pools: Pools, env: Env): Promise<boolean> {
  const expected = expectedMigrations(authOptions({ env, pool: pools.auth }), env)
  const text = `SELECT pg_catalog.count(*)::pg_catalog.int4 AS "applied" FROM ${tableName(env, 'auth_migration')}
    WHERE "name" = ANY($1::pg_catalog.text[])`
  const { rows } = await read<{ applied: number }>(pools.auth, { text, values: [expected] })
  return rows[0]?.applied === expected.length
}

async function schemaProblems(pool: Pool, env: Env): Promise<string[]> {
  const sought = neededSchema(authOptions({ env, pool }), env)
  const found = await inspect((query) => read(pool, query), sought)
  return compare({ ...sought, found, timeZones: [], formerNames: [] }).flatMap((finding) =>
    finding.kind !== 'note' && finding.breaks ? [finding.what] : [],
  )
}

/** Table or schema: nothing was ever migrated here. */
function isTableMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000')
}
