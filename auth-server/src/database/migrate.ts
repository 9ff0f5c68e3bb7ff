import { getMigrations } from 'better-auth/db/migration'
import pg, { DatabaseError } from 'pg'
import { authOptions } from '../auth/options.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { grantsName, schemaFingerprint } from './expected.ts'
import { DatabaseTaskFailed } from './failures.ts'
import { grantToBackend } from './grants.ts'
import { withLock } from './lock.ts'
import { tableName } from './names.ts'
import { connectionOptions, surviveLosses } from './pools.ts'
import { SQL_MIGRATIONS, type SqlMigration } from './sql-migrations.ts'

type Migration = { env: Env; log: Log; client: pg.ClientBase }

/**
 * Brings the database to what this version expects: better-auth's tables, then our SQL, then the backend's rights.
 * Any number may run at once: one works, the others wait and find nothing left to do. Killed anywhere, the next run
 * completes it, because every step is one transaction together with its row in auth_migration.
 */
export async function migrate(env: Env, log: Log): Promise<void> {
  const pool = new pg.Pool({
    ...connectionOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT),
    connectionTimeoutMillis: 10_000,
    max: 2, // one holds the lock and works, one lets better-auth look at the tables
  })
  surviveLosses(pool, 'migrate', log)
  try {
    await withClient(pool, async (client) => {
      // A step may take long, but must not stand in front of everybody else while it waits for a table.
      await client.query("SET statement_timeout = 0; SET lock_timeout = '30s'")
      await withLock(client, log, () => applyAll({ env, log, client }, pool))
    })
  } finally {
    await pool.end()
  }
}

async function applyAll(migration: Migration, pool: pg.Pool): Promise<void> {
  await applyBetterAuthSchema(migration, pool)
  const applied = await appliedNames(migration)
  for (const step of SQL_MIGRATIONS) {
    if (!applied.has(step.name)) await applySql(migration, step)
  }
  await inTransaction(migration, async () => {
    await grantToBackend(migration.client, migration.env, migration.log)
    await record(migration, grantsName(migration.env))
  })
  migration.log.info('the database is migrated')
}

/** better-auth compares tables with its options and runs statement by statement; compiled, they fit one transaction. */
async function applyBetterAuthSchema(migration: Migration, pool: pg.Pool): Promise<void> {
  const { client, env, log } = migration
  const options = authOptions({ env, pool })
  const { compileMigrations, toBeCreated, toBeAdded, schemaProblems } = await getMigrations(options)
  if (schemaProblems.length > 0) {
    throw new DatabaseTaskFailed(`The tables do not fit better-auth, mend them by hand: ${schemaProblems.join('; ')}`)
  }
  await inTransaction(migration, async () => {
    await createSchema(migration)
    const sql = await compileMigrations()
    if (sql !== ';') await client.query(sql)
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${tableName(env, 'auth_migration')}
         ("name" text PRIMARY KEY, "applied_at" timestamptz NOT NULL DEFAULT now())`,
    )
    await record(migration, schemaFingerprint(options))
  })
  const tables = [...toBeCreated, ...toBeAdded].map(({ table }) => table)
  if (tables.length > 0) log.info({ tables }, 'better-auth: tables were created or extended')
}

/** Only when missing: CREATE SCHEMA IF NOT EXISTS asks for the right to create also where there is nothing to do. */
async function createSchema({ client, env }: Migration): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [env.AUTH_DB_SCHEMA])
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(env.AUTH_DB_SCHEMA)}`)
}

async function applySql(migration: Migration, { name, sql, advice }: SqlMigration): Promise<void> {
  try {
    await inTransaction(migration, async () => {
      await migration.client.query(sql((table) => tableName(migration.env, table)))
      await record(migration, name)
    })
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined
    const todo = code === undefined ? undefined : advice?.[code]
    throw new DatabaseTaskFailed(`Migration ${name} failed. ${todo ?? ''}`.trim(), error)
  }
  migration.log.info({ migration: name }, 'migration applied')
}

async function appliedNames({ client, env }: Migration): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(`SELECT "name" FROM ${tableName(env, 'auth_migration')}`)
  return new Set(rows.map(({ name }) => name))
}

async function record({ client, env }: Migration, name: string): Promise<void> {
  await client.query(`INSERT INTO ${tableName(env, 'auth_migration')} ("name") VALUES ($1) ON CONFLICT DO NOTHING`, [
    name,
  ])
}

async function inTransaction({ client }: Migration, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    // The first error tells why; a ROLLBACK that fails too means that the connection, and the transaction, are gone.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function withClient(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await work(client)
  } finally {
    client.release(true)
  }
}
