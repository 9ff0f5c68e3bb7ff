import { randomUUID } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { ENDPOINTS } from './endpoints.ts'

type Storage = NonNullable<NonNullable<BetterAuthOptions['rateLimit']>['customStorage']>

/** In the database, so that several servers share one count; in every mode, so that development behaves the same. */
export function rateLimit(env: Env, pool: Pool) {
  return {
    enabled: true,
    storage: 'database', // for the table; customStorage counts in it
    customStorage: rateLimitStorage({ env, pool }),
    ...env.RATE_LIMIT_DEFAULT,
    customRules: Object.fromEntries(rules(env)),
  } as const
}

/** better-auth writes a parameter of a path as `*` here. */
function rules({ RATE_LIMIT_SIGN_IN }: Env): [path: string, rule: Env['RATE_LIMIT_SIGN_IN'] | false][] {
  return Object.entries(ENDPOINTS).flatMap(([path, { limit }]) => {
    if (limit === 'default') return []
    return [[path.replace(/:\w+/g, '*'), limit === 'guessing' && RATE_LIMIT_SIGN_IN]]
  })
}

/** Statements of several servers may commit in another order than they began: a little ahead is no wrong clock. */
const AHEAD_MS = 5000

/**
 * better-auth's counts, in its own table and by its own rule (every request that is let through begins the window again), in
 * one statement by the database's clock. A count from the future, left by a clock that was wrong or has been set back,
 * is over: it would keep an address out until that time comes.
 */
export function rateLimitStorage({ pool, env }: { pool: Pool; env: Pick<Env, 'AUTH_DB_SCHEMA'> }) {
  const table = tableName(env, 'rateLimit')
  const now = `floor(date_part('epoch', clock_timestamp()) * 1000)::bigint`
  const isOver = `(r."lastRequest" <= excluded."lastRequest" - $3 OR r."lastRequest" > excluded."lastRequest" + $5)`
  const count = `
    INSERT INTO ${table} AS r ("id", "key", "count", "lastRequest") VALUES ($1, $2, 1, ${now})
    ON CONFLICT ("key") DO UPDATE
      SET "count" = CASE WHEN ${isOver} THEN 1 ELSE r."count" + 1 END, "lastRequest" = excluded."lastRequest"
      WHERE ${isOver} OR r."count" < $4`
  const wait = `SELECT ceil(("lastRequest" + $2 - ${now}) / 1000.0)::int AS "seconds" FROM ${table} WHERE "key" = $1`

  async function consume(key: string, { window, max }: { window: number; max: number }) {
    const client = await pool.connect()
    try {
      const windowMs = window * 1000
      const { rowCount } = await client.query(count, [randomUUID(), key, windowMs, max, AHEAD_MS])
      if (rowCount === 1) return { allowed: true, retryAfter: null }
      const { rows } = await client.query<{ seconds: number }>(wait, [key, windowMs])
      return { allowed: false, retryAfter: Math.min(Math.max(rows[0]?.seconds ?? 1, 1), window) }
    } finally {
      client.release()
    }
  }

  /** What is counted under these keys begins again. */
  async function forget(...keys: string[]): Promise<void> {
    await run(`DELETE FROM ${table} WHERE "key" = ANY($1)`, keys)
  }

  /** One that was counted was none. */
  async function giveBack(key: string): Promise<void> {
    await run(`UPDATE ${table} SET "count" = "count" - 1 WHERE "key" = $1 AND "count" > 0`, key)
  }

  /** Not pool.query(), which the pool of better-auth's (observed-pool.ts) does not have. */
  async function run(text: string, value: unknown): Promise<void> {
    const client = await pool.connect()
    try {
      await client.query(text, [value])
    } finally {
      client.release()
    }
  }

  return { consume, forget, giveBack } satisfies Storage & Record<string, unknown>
}

export type RateLimitStorage = ReturnType<typeof rateLimitStorage>
