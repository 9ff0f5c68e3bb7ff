import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { asOwner, FOREIGN_SCHEMAS } from '../../../test/foreign-schemas.ts'
import { createLog } from '../../log.ts'
import { migrate, migrationSql } from '../../migrations/migrate.ts'
import { readiness } from '../../migrations/readiness.ts'
import { createPools } from '../pools.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

describe('tables of an application in the same schema', () => {
  test.each([
    ['session', 'CREATE TABLE session (sid varchar PRIMARY KEY, sess json NOT NULL, expire timestamp NOT NULL)'],
    ['account', 'CREATE TABLE account (id serial PRIMARY KEY, iban text NOT NULL, balance numeric NOT NULL)'],
    ['user', 'CREATE TABLE "user" (id serial PRIMARY KEY, login text NOT NULL)'],
    ['auth_migration', 'CREATE TABLE auth_migration (version bigint PRIMARY KEY)'],
  ])('"%s" is recognised, and AUTH_DB_SCHEMA named, where everything then works', async (table, sql) => {
    await asOwner(database, sql)
    const error = await migrate(database.env(), log).catch(String)
    expect(error).toMatch(new RegExp(`"${table}" looks like a table of another application.*\\n.*AUTH_DB_SCHEMA`))
    expect(await tables()).toEqual([table])

    const env = database.env({ AUTH_DB_SCHEMA: 'auth' })
    await migrate(env, log)
    const pools = createPools(env, log)
    expect(await readiness(pools, env)).toEqual({ state: 'ready' })
    await pools.end()
  })

  test('a users table of its own is named as not used', async () => {
    await asOwner(
      database,
      'CREATE TABLE "User" (id text PRIMARY KEY, email text NOT NULL, username text NOT NULL, password text NOT NULL)',
    )
    const lines: string[] = []
    await migrate(database.env(), createLog({ LOG_LEVEL: 'warn' }, { write: (line) => void lines.push(line) }))
    expect(lines.join()).toContain('table \\"User\\" is not used')
  })
})

test.each([
  ['"User"', '"Session"', '"Account"', '"Verification"'],
  ['users', 'sessions', 'accounts', 'verifications'],
])(
  'tables of better-auth that Prisma or Drizzle named %s are not passed over: renamed, they are adopted',
  async (...names) => {
    await FOREIGN_SCHEMAS['prisma migrate, from the models that better-auth generates']?.(database)
    const wanted = ['"user"', 'session', 'account', 'verification']
    await asOwner(database, wanted.map((table, index) => `ALTER TABLE ${table} RENAME TO ${names[index]};`).join(''))
    const error = String(await migrate(database.env(), log).catch(String))
    const proposals = [...error.matchAll(/ALTER TABLE .* RENAME TO .*;/g)].map(([sql]) => sql)
    expect(proposals).toHaveLength(4)
    await asOwner(database, proposals.join(''))
    await migrate(database.env(), log)
    expect(await tables()).toContain('user')
  },
)

test.each(['user', 'session'])('rows in "%s" that lack a required column are not given one', async (table) => {
  await migrate(database.env(), log)
  await asOwner(
    database,
    `INSERT INTO "user" (id, name, email) VALUES ('a', 'a', 'a@example.com');
    INSERT INTO session ("userId", token, "expiresAt") VALUES ('a', 't', now())`,
  )
  const column = table === 'user' ? 'name' : 'token'
  await asOwner(database, `ALTER TABLE "${table}" DROP COLUMN ${column} CASCADE`)
  await expect(migrate(database.env(), log)).rejects.toThrow(
    new RegExp(`"${table}"."${column}" is missing, and the rows`),
  )
})

test('a role without CREATE is given the GRANT', async () => {
  await database.sql('CREATE SCHEMA locked')
  const env = database.env({ AUTH_DB_SCHEMA: 'locked' })
  await expect(migrate(env, log)).rejects.toThrow(
    /may not create tables.*\n.*GRANT USAGE, CREATE ON SCHEMA "locked" TO "auth_/,
  )
})

describe('a dry run', () => {
  test('prints SQL that makes the same tables, and changes nothing', async () => {
    const sql = await migrationSql(database.env(), log)
    expect(await tables()).toEqual([])
    await asOwner(database, sql)
    expect(await migrationSql(database.env(), log)).toBe('-- The tables are as this version needs them.\n')
  })

  test('prints what is for the operator to decide as comments', async () => {
    await migrate(database.env(), log)
    await asOwner(database, 'ALTER TABLE "user" ADD username text NOT NULL')
    const sql = await migrationSql(database.env(), log)
    expect(sql).toMatch(/^-- .*"username"/m)
    expect(sql.split('\n').every((line) => line === '' || line.startsWith('--'))).toBe(true)
  })
})

async function tables(): Promise<unknown[]> {
  const rows = await database.sql(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
  return rows.map(({ tablename }) => tablename)
}
