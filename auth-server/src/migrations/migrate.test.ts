import { spawn } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { PROGRAM } from '../../test/program-file.ts'
import { startProxy } from '../../test/proxy.ts'
import { createPools } from '../database/pools.ts'
import { DatabaseTaskFailed } from '../database/task.ts'
import type { Env } from '../env.ts'
import { createLog } from '../log.ts'
import { migrate } from './migrate.ts'
import { readiness } from './readiness.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

describe('a fresh database', () => {
  test('is pending, and ready once migrated', async () => {
    expect(await readinessOf(database.env())).toBe('migrations-pending')
    await migrate(database.env(), log)
    expect(await readinessOf(database.env())).toBe('ready')
  })

  test('has every index that sign-in, cleaning up and listing need', async () => {
    await migrate(database.env(), log)
    const indexes = (await describeSchema('public')).join('\n')
    expect(indexes).toContain('CREATE UNIQUE INDEX "account_providerId_accountId_key"')
    for (const column of ['session_expiresAt', 'verification_expiresAt', 'user_createdAt', 'rateLimit_lastRequest']) {
      expect(indexes).toContain(`"${column}_idx"`)
    }
  })

  test('is left as it is by a second run', async () => {
    await migrate(database.env(), log)
    const before = await recorded()
    await migrate(database.env(), log)
    expect(await recorded()).toEqual(before)
  })
})

describe('a database that is behind', () => {
  test.each(['better-auth:%', '0003_%', 'grants:%'])('is pending without %s', async (name) => {
    await migrate(database.env(), log)
    await database.sql('DELETE FROM auth_migration WHERE name LIKE $1', [name])
    expect(await readinessOf(database.env())).toBe('migrations-pending')
  })

  test('of a newer version is ready for this one', async () => {
    await migrate(database.env(), log)
    await database.sql(`INSERT INTO auth_migration (name) VALUES ('9999_from_the_future')`)
    expect(await readinessOf(database.env())).toBe('ready')
  })

  test('that does not respond is unavailable, not pending', async () => {
    const port = await portWhereNobodyListens()
    expect(await readinessOf({ ...database.env(), DATABASE_URL: `postgres://me:x@127.0.0.1:${port}/app` })).toBe(
      'database-unavailable',
    )
  })
})

describe('interrupted', () => {
  test('after any number of its messages, the next run completes it to the same schema', async () => {
    await migrate(database.env(), log)
    const whole = await describeSchema('public')
    const proxy = await startProxy(database)
    const env = database.env({ DATABASE_URL_DIRECT: database.variables(proxy.port).DATABASE_URL ?? '' })
    let cuts = 0
    for (let messages = 1; ; messages++) {
      await emptySchema('public')
      proxy.resetAfter(messages)
      if (await succeeds(() => migrate(env, log))) break
      cuts++
      await migrate(database.env(), log)
      expect(await describeSchema('public')).toEqual(whole)
    }
    await proxy.close()
    expect(cuts).toBeGreaterThan(10)
  }, 240_000)

  test('by kill -9, the next run completes it', async () => {
    for (let round = 0; round < 3; round++) {
      const child = startMigration()
      await untilConnected()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
      child.kill('SIGKILL')
      await migrate(database.env(), log)
      expect(await readinessOf(database.env())).toBe('ready')
      await emptySchema('public')
    }
  }, 120_000)

  test('started 12 times at once, as processes: one changes the tables, and all succeed', async () => {
    const children = Array.from({ length: 12 }, startMigration)
    const ends = await Promise.all(children.map(outputOf))

    expect(ends.map(({ code }) => code)).toEqual(Array(12).fill(0))
    const changed = ends.filter(({ output }) => output.includes('the tables were changed'))
    expect(changed).toHaveLength(1)
    expect(await readinessOf(database.env())).toBe('ready')
  }, 90_000)
})

describe('AUTH_DB_SCHEMA', () => {
  test.each(['auth', 'order', 'Odd "one'])(
    '%s holds every table, beside tables of the same name in public',
    async (schema) => {
      await database.sql('CREATE TABLE public."user" (mine text); CREATE TABLE public.session (mine text)')
      const env = { ...database.env(), AUTH_DB_SCHEMA: schema }

      await migrate(env, log)
      await migrate(env, log)

      expect(await readinessOf(env)).toBe('ready')
      const tables = 'SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1'
      expect((await database.sql(tables, ['public'])).map(({ tablename }) => tablename)).toEqual(['session', 'user'])
      expect((await database.sql(tables, [schema])).map(({ tablename }) => tablename)).toContain('auth_migration')
      const grantee = 'SELECT has_schema_privilege($1, $2, $3) AS granted'
      expect(await database.sql(grantee, [database.backendRole, schema, 'USAGE'])).toEqual([{ granted: true }])
    },
  )
})

describe('the role of the backend', () => {
  test('may read and refer to the id of a user, and nothing else', async () => {
    await migrate(database.env(), log)
    await addUser('u1')
    const [backend, owner] = [new pg.Client(database.backendUrl), new pg.Client(database.backendOwnerUrl)]
    await Promise.all([backend.connect(), owner.connect()])
    const run = (client: pg.Client) => (text: string) =>
      client.query(text).then(
        ({ rows }) => rows,
        (error) => error.code,
      )
    const [attempt, migrating] = [run(backend), run(owner)]
    const DENIED = '42501'

    expect(await attempt('SELECT id FROM "user"')).toEqual([{ id: 'u1' }])
    const create = (table: string) => `CREATE TABLE ${table} (user_id text REFERENCES "user"(id) ON DELETE CASCADE)`
    expect(await migrating(create('app.mine'))).toEqual([])
    expect(await migrating(create('public.mine'))).toBe(DENIED)
    for (const table of ['app.other', 'public.other', 'pg_temp.other']) {
      expect([DENIED, '42P16'], table).toContain(await attempt(create(table)))
    }
    const mayRefer = `SELECT has_column_privilege('"user"', 'id', 'REFERENCES') AS "mayRefer"`
    expect([await attempt(mayRefer), await migrating(mayRefer)]).toEqual([[{ mayRefer: false }], [{ mayRefer: true }]])
    expect(await attempt(`INSERT INTO app.mine VALUES ('u1')`)).toEqual([])
    expect(await attempt(`INSERT INTO app.mine VALUES ('nobody')`)).toBe('23503')

    for (const table of ['session', 'account', 'verification', '"rateLimit"', 'auth_migration']) {
      expect(await attempt(`SELECT FROM ${table}`), table).toBe(DENIED)
      expect(await attempt(`DELETE FROM ${table}`), table).toBe(DENIED)
    }
    for (const text of [
      'SELECT email FROM "user"',
      'SELECT * FROM "user"',
      `UPDATE "user" SET id = 'x'`,
      'DELETE FROM "user"',
    ]) {
      expect(await attempt(text), text).toBe(DENIED)
    }
    await Promise.all([backend.end(), owner.end()])
  })

  test('missing is said in as many words', async () => {
    const env = database.env({ BACKEND_DB_ROLE: 'nobody_by_that_name' })
    await expect(migrate(env, log)).rejects.toThrow(/role "nobody_by_that_name" of BACKEND_DB_ROLE does not exist/)
    expect(await readinessOf(env)).toBe('migrations-pending')
  })

  test('able to read everything is warned of', async () => {
    const lines: string[] = []
    const env = database.env({ BACKEND_DB_ROLE: new URL(database.env().DATABASE_URL).username })
    await migrate(env, createLog({ LOG_LEVEL: 'warn' }, { write: (line) => void lines.push(line) }))
    expect(lines.join()).toContain('the backend role can read tables that hold secrets')
  })
})

describe('accounts that share a provider and an id there', () => {
  test('stop the migration, which says how to find them and repeats no value; once fixed, it goes on', async () => {
    await migrate(database.env(), log)
    await database.sql(`DROP INDEX "account_providerId_accountId_key"`)
    await addUser('u1')
    for (const id of ['a1', 'a2']) {
      await database.sql(
        `INSERT INTO account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
         VALUES ($1, 'octocat-77', 'github', 'u1', now(), now())`,
        [id],
      )
    }

    const error = await migrate(database.env(), log).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseTaskFailed)
    expect(String(error)).toMatch(/share "providerId", "accountId", ids: a1 and a2/)
    expect(String(error)).not.toContain('octocat-77')
    expect(await readinessOf(database.env())).toBe('schema-differs')

    await database.sql(`DELETE FROM account WHERE id = 'a2'`)
    await migrate(database.env(), log)
    expect(await readinessOf(database.env())).toBe('ready')
  })
})

async function readinessOf(env: Env) {
  const pools = createPools(env, log)
  try {
    return (await readiness(pools, env)).state
  } finally {
    await pools.end()
  }
}

const recorded = () => database.sql('SELECT * FROM auth_migration ORDER BY name')

/** Columns and indexes, as text that can be compared. */
async function describeSchema(schema: string): Promise<string[]> {
  const rows = await database.sql<{ line: string }>(
    `SELECT format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) AS line
       FROM information_schema.columns WHERE table_schema = $1
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = $1
     UNION ALL SELECT name FROM public.auth_migration
     UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = to_regnamespace($1)
     ORDER BY 1`,
    [schema],
  )
  return rows.map(({ line }) => line)
}

/** Waits out the lock of a migration that was cut off: PostgreSQL notices a dead client only at its next word. */
async function emptySchema(schema: string): Promise<void> {
  await database.sql(
    `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'auth-server'`,
  )
  const tables = await database.sql<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = $1`,
    [schema],
  )
  for (const { name } of tables) await database.sql(`DROP TABLE ${name} CASCADE`)
}

async function addUser(id: string): Promise<void> {
  await database.sql(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     VALUES ($1, 'x', $1 || '@example.com', false, now(), now())`,
    [id],
  )
}

function startMigration() {
  return spawn(process.execPath, [PROGRAM, 'migrate'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...database.variables() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function outputOf(child: ReturnType<typeof startMigration>) {
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  return { code, output }
}

async function untilConnected(): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const rows = await database.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'auth-server'`,
    )
    if (rows.length > 0) return
  }
  throw new Error('the migration never connected')
}

async function succeeds(act: () => Promise<unknown>): Promise<boolean> {
  return act().then(
    () => true,
    () => false,
  )
}

async function portWhereNobodyListens(): Promise<number> {
  const proxy = await startProxy({ host: '127.0.0.1', port: 1 })
  await proxy.close()
  return proxy.port
}
