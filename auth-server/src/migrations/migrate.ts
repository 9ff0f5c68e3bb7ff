import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { authOptions } from '../auth/better-auth.ts'
import { askOver } from '../database/ask.ts'
import { grantToBackend } from '../database/grants.ts'
import { tableName } from '../database/names.ts'
import { clientClass, createRender } from '../database/naming/client.ts'
import { connectionOptions, surviveLosses } from '../database/pools.ts'
import { inspect } from '../database/schema/inspect.ts'
import { makePlan, type Plan } from '../database/schema/plan.ts'
import { decisionsReport, dryRun } from '../database/schema/report.ts'
import { localTimeZones } from '../database/schema/timestamps.ts'
import { pinOwnRole, pinSession, refuseEncoding } from '../database/session-settings.ts'
import { refuseSquatters } from '../database/squatters.ts'
import { DatabaseTaskFailed, withAdvice, withLock } from '../database/task.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { expectedMigrations, formerNames, neededSchema } from './expected.ts'

type Connection = { client: pg.ClientBase; pool: pg.Pool }
type Migration = { env: Env; log: Log; client: pg.ClientBase; expected: string[]; plan: Plan }

/** Is told of each transaction that begins, and of each of its statements: what it was for. See rehearsal/locks.ts. */
export type Watch = { begin: () => void; look: (client: pg.ClientBase, what: string) => Promise<void> }

const NOBODY: Watch = { begin: () => undefined, look: async () => undefined }

/**
 * Brings the database to what this version needs, and gives the backend its rights: one transaction. Adopts tables that
 * fit, repairs what is safe to repair, and otherwise changes nothing and throws DatabaseTaskFailed with all that differs.
 * Any number may run at once: one works, the others wait and find nothing left to do.
 */
export async function migrate(env: Env, log: Log, watch = NOBODY): Promise<void> {
  await withClient(env, log, (connection) =>
    withLock(connection.client, log, async () => apply(await prepare(env, log, connection), watch)),
  )
}

/** The SQL that `migrate` would run, for a review. Changes nothing. */
export async function migrationSql(env: Env, log: Log): Promise<string> {
  return withClient(env, log, async (connection) =>
    dryRun((await prepare(env, log, connection)).plan, env.AUTH_DB_SCHEMA),
  )
}

async function prepare(env: Env, log: Log, { client, pool }: Connection): Promise<Migration> {
  const options = authOptions({ env, pool })
  await refuseSquatters(askOver(client), options, env)
  const sought = neededSchema(options, env)
  const named = { ...sought, formerNames: formerNames(await recorded(client, env), env.names) }
  const found = await inspect((query) => client.query(query), named)
  const plan = await makePlan(askOver(client), { ...named, found, timeZones: await localTimeZones(client, env) })
  // The SQL is shown too, by the names of the settings.
  const rendered = createRender(env)
  const repairs = plan.repairs.map((repair) => ({ ...repair, sql: repair.sql.map((sql) => rendered(sql).text) }))
  return { env, log, client, plan: { ...plan, repairs }, expected: expectedMigrations(options, env) }
}

async function apply(migration: Migration, watch: Watch): Promise<void> {
  const { client, env, log, plan } = migration
  for (const { what } of plan.notes) log.warn(what)
  if (plan.decisions.length > 0) throw new DatabaseTaskFailed(decisionsReport(plan.decisions, env.AUTH_DB_SCHEMA))
  if (env.DATABASE_POOLER === 'transaction') await pinOwnRole(client, env)
  await whenTablesAreFree(migration, async () => {
    watch.begin()
    for (const { what, sql } of plan.repairs) {
      for (const statement of sql) await withAdvice(what, () => client.query(statement))
      await watch.look(client, what)
    }
    await withAdvice('the rights of the backend', () => grantToBackend(client, env, log))
    await record(migration)
    await watch.look(client, 'the rights of the backend')
  })
  const changes = plan.repairs.map(({ what }) => what).filter((what) => what !== '')
  if (changes.length > 0) log.info({ changes }, 'the tables were changed')
  log.info('the database is migrated')
}

/** What earlier migrations have recorded; nothing where there was none, or the table is no such table. */
async function recorded(client: pg.ClientBase, env: Env): Promise<string[]> {
  try {
    const { rows } = await client.query<{ name: string }>(`SELECT "name" FROM ${tableName(env, 'auth_migration')}`)
    return rows.map(({ name }) => String(name))
  } catch (error) {
    // No schema, table or column of that name, or no right to it: the comparison says so.
    if (error instanceof pg.DatabaseError && /^(42|3F)/.test(error.code ?? '')) return []
    throw error
  }
}

async function record({ client, env, expected }: Migration): Promise<void> {
  await client.query(
    `INSERT INTO ${tableName(env, 'auth_migration')} ("name")
     SELECT pg_catalog.unnest($1::pg_catalog.text[]) ON CONFLICT DO NOTHING`,
    [expected],
  )
}

/**
 * How long a statement of ours waits for a table, and everybody else's behind it. Less than PostgreSQL's
 * deadlock_timeout (1 s): whoever holds what we wait for, and then needs what we hold, gets it.
 */
const LOCK_TIMEOUT_MS = 500
const PAUSE_MS = 300
const PATIENCE_MS = 30_000

/** One transaction, tried again while others use the tables. */
async function whenTablesAreFree({ client, log }: Migration, work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await inTransaction(client, work)
    } catch (error) {
      if (!isLockTimeout(error) || Date.now() > deadline) throw error
      log.info('another transaction uses the tables, waiting for it')
      await sleep(PAUSE_MS)
    }
  }
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
    await work()
    await client.query('COMMIT')
  } catch (error) {
    // The first error tells why; a ROLLBACK that fails too means that the connection, and the transaction, are gone.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

const isLockTimeout = (error: unknown) =>
  error instanceof DatabaseTaskFailed && error.cause instanceof pg.DatabaseError && error.cause.code === '55P03'

async function withClient<T>(env: Env, log: Log, work: (connection: Connection) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({
    ...connectionOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT),
    connectionTimeoutMillis: 10_000,
    max: 1,
    Client: clientClass(env),
  } as pg.PoolConfig)
  surviveLosses(pool, 'migrate', log)
  try {
    const client = await pool.connect()
    try {
      // The comparison only reads; what changes the tables has its own limit.
      await pinSession(client)
      await client.query("SET lock_timeout = '30s'")
      await refuseEncoding(client)
      return await work({ client, pool })
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}
