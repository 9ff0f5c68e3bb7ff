import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { asOwner } from '../../../test/foreign-schemas.ts'
import { createLog } from '../../log.ts'
import { migrate } from '../../migrations/migrate.ts'
import { readiness } from '../../migrations/readiness.ts'
import { createPools } from '../pools.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), log)
})
afterEach(() => database.drop())

const BREAKS = 'schema-differs'
const WORKS = 'ready'

describe('is repaired', () => {
  test.each<[string, string, string]>([
    // What is broken, the SQL that breaks it, what readiness says until then.
    ['a column', 'ALTER TABLE "user" DROP COLUMN "banReason"', BREAKS],
    ['a column with a default', 'ALTER TABLE "user" DROP COLUMN "emailVerified" CASCADE', BREAKS],
    ['a default', 'ALTER TABLE account ALTER "updatedAt" DROP DEFAULT', WORKS],
    ['the default of an id', 'ALTER TABLE "user" ALTER id DROP DEFAULT', WORKS],
    ['a required column that may be NULL', 'ALTER TABLE "user" ALTER "emailVerified" DROP NOT NULL', WORKS],
    ['an optional column that may not', 'ALTER TABLE account ALTER password SET NOT NULL', BREAKS],
    ['a primary key', 'ALTER TABLE verification DROP CONSTRAINT verification_pkey', BREAKS],
    ['a unique key', 'DROP INDEX "session_token_key"', BREAKS],
    ['the key of accounts', 'DROP INDEX "account_providerId_accountId_key"', BREAKS],
    [
      'a unique key that is partial',
      `DROP INDEX "account_providerId_accountId_key"; CREATE UNIQUE INDEX ON account ("providerId", "accountId") WHERE "providerId" = 'x'`,
      BREAKS,
    ],
    ['a unique key on lower(email)', 'DROP INDEX user_lower_email_key', WORKS],
    ['an index', 'DROP INDEX "session_userId_idx"', WORKS],
    [
      'an index of a kind that has no order',
      'DROP INDEX "session_expiresAt_idx"; CREATE INDEX ON session USING hash ("expiresAt")',
      WORKS,
    ],
    ['a foreign key', 'ALTER TABLE session DROP CONSTRAINT "session_userId_fkey"', BREAKS],
    [
      'a cascade',
      'ALTER TABLE account DROP CONSTRAINT "account_userId_fkey", ADD FOREIGN KEY ("userId") REFERENCES "user"(id)',
      BREAKS,
    ],
    [
      'a second foreign key without cascade',
      'ALTER TABLE account ADD CONSTRAINT stops FOREIGN KEY ("userId") REFERENCES "user"(id)',
      BREAKS,
    ],
    [
      'a foreign key that is not valid',
      'ALTER TABLE session DROP CONSTRAINT "session_userId_fkey", ADD FOREIGN KEY ("userId") REFERENCES "user"(id) ON DELETE CASCADE NOT VALID',
      BREAKS,
    ],
    [
      'a timestamp without time zone',
      'DROP TRIGGER announce_update ON session; DROP TRIGGER announce_delete ON session; ALTER TABLE session ALTER "expiresAt" TYPE timestamp',
      BREAKS,
    ],
    ['a short varchar', 'ALTER TABLE account ALTER password TYPE varchar(60)', BREAKS],
    [
      'a short varchar that a trigger reads',
      'DROP TRIGGER announce_update ON session; ALTER TABLE session ALTER "userAgent" TYPE varchar(255)',
      BREAKS,
    ],
    ['a small counter', 'ALTER TABLE "rateLimit" ALTER "lastRequest" TYPE integer', BREAKS],
    ['a trigger', 'DROP TRIGGER announce_delete ON session', BREAKS],
    ['a trigger that is disabled', 'ALTER TABLE "user" DISABLE TRIGGER announce_update', BREAKS],
    ['a trigger that replication does not fire', 'ALTER TABLE "user" ENABLE TRIGGER announce_update', BREAKS],
    [
      'a trigger with another condition',
      'DROP TRIGGER announce_delete ON session; CREATE TRIGGER announce_delete AFTER DELETE ON session FOR EACH ROW WHEN (false) EXECUTE FUNCTION announce_revocation(); ALTER TABLE session ENABLE ALWAYS TRIGGER announce_delete',
      BREAKS,
    ],
    ['the function of the triggers', 'DROP FUNCTION announce_revocation() CASCADE', BREAKS],
    [
      'what that function does',
      `CREATE OR REPLACE FUNCTION announce_revocation() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      BREAKS,
    ],
  ])('%s', async (_what, breakIt, state) => {
    await asOwner(database, breakIt)
    expect((await readinessOf()).state).toBe(state)

    await migrate(database.env(), log)

    expect(await readinessOf()).toEqual({ state: 'ready' })
    expect(await changesOfNextRun()).toEqual([])
  })
})

describe('is left to the operator, named with its SQL, and nothing is changed', () => {
  test.each<[string, string, RegExp]>([
    [
      'ids that are numbers',
      'ALTER TABLE "rateLimit" ALTER id DROP DEFAULT, ALTER id TYPE integer USING 1',
      /"rateLimit"\."id" is integer, and must be text, varchar or uuid/,
    ],
    [
      'a required column of the application',
      'ALTER TABLE "user" ADD username text NOT NULL',
      /"user"\."username" is not this server's.*\n.*ALTER COLUMN "username" DROP NOT NULL/,
    ],
    [
      'a date',
      'ALTER TABLE verification ALTER "expiresAt" TYPE date',
      /"verification"\."expiresAt" is date, and must be timestamptz/,
    ],
    [
      'a boolean in text',
      'DROP TRIGGER announce_update ON "user"; ALTER TABLE "user" ALTER "emailVerified" DROP DEFAULT, ALTER "emailVerified" TYPE text',
      /"emailVerified" is text, and must be boolean/,
    ],
    [
      'a role that is an enum',
      `CREATE TYPE kind AS ENUM ('admin'); DROP TRIGGER announce_update ON "user"; ALTER TABLE "user" ALTER role TYPE kind USING role::kind`,
      /"user"\."role" is public\.kind, and must be text/,
    ],
    [
      'one session for each user',
      'CREATE UNIQUE INDEX one_each ON session ("userId")',
      /"session" \("userId"\) is unique.*\n.*DROP INDEX "public"\."one_each"/,
    ],
    [
      'a view',
      'ALTER TABLE verification RENAME TO v; CREATE VIEW verification AS SELECT * FROM v',
      /"verification" is a view/,
    ],
    [
      'row-level security',
      'ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
      /"session" hides rows/,
    ],
    [
      'a table that a crash empties',
      'DROP TABLE verification; CREATE UNLOGGED TABLE verification (id text PRIMARY KEY, identifier text NOT NULL, value text NOT NULL, "expiresAt" timestamptz NOT NULL)',
      /"verification" is UNLOGGED/,
    ],
    ['inheritance', 'CREATE TABLE more () INHERITS (session)', /"session" is part of an inheritance tree/],
    ['a rule', 'CREATE RULE nothing AS ON DELETE TO verification DO INSTEAD NOTHING', /"verification" has rules/],
    [
      'a column that is computed',
      'ALTER TABLE account DROP COLUMN scope, ADD scope text GENERATED ALWAYS AS (lower("providerId")) STORED',
      /"account"\."scope" is computed/,
    ],
    [
      'a reference to another table',
      'CREATE TABLE people (id text PRIMARY KEY); ALTER TABLE session ADD FOREIGN KEY ("userId") REFERENCES people (id)',
      /"session" \("userId"\) refers to "public"\."people"/,
    ],
    [
      'a reference of another type',
      'ALTER TABLE account DROP CONSTRAINT "account_userId_fkey", ALTER "userId" TYPE uuid USING gen_random_uuid()',
      /"account"\."userId" is uuid, and must be text, as "user"\."id"/,
    ],
    [
      'columns in snake case',
      'ALTER TABLE account RENAME "accountId" TO account_id',
      /RENAME COLUMN "account_id" TO "accountId"/,
    ],
  ])('%s', async (_what, breakIt, message) => {
    await asOwner(database, breakIt)
    const before = await catalog()
    const found = await readinessOf()

    await expect(migrate(database.env(), log)).rejects.toThrow(message)

    expect(found).toMatchObject({ state: 'schema-differs' })
    expect(await catalog()).toEqual(before)
  })

  test('several at once, all of them listed', async () => {
    await asOwner(
      database,
      'ALTER TABLE "user" ADD a text NOT NULL; ALTER TABLE session ADD b text NOT NULL; DROP INDEX "session_userId_idx"',
    )
    const before = await catalog()
    const error = await migrate(database.env(), log).catch(String)
    expect(error).toMatch(
      /"user"\."a" is not this server's[\s\S]*"session"\."b" is not this server's[\s\S]*AUTH_DB_SCHEMA/,
    )
    expect(await catalog()).toEqual(before)
  })

  test('a table of another role, with the statement that hands it over', async () => {
    await database.sql('ALTER TABLE verification OWNER TO CURRENT_USER')
    await expect(migrate(database.env(), log)).rejects.toThrow(/ALTER TABLE public\.verification OWNER TO auth_/)
  })
})

describe('readiness', () => {
  test('names what differs, and the command', async () => {
    await asOwner(database, 'DROP TRIGGER announce_delete ON session')
    const found = await readinessOf()
    expect(JSON.stringify(found)).toContain('announce_delete on \\"session\\"')
  })

  test.each([
    ['an index under another name', 'ALTER INDEX "session_userId_idx" RENAME TO mine'],
    [
      'a constraint under another name',
      'DROP INDEX "session_token_key"; ALTER TABLE session ADD CONSTRAINT mine UNIQUE (token)',
    ],
    ['an index on more columns', 'DROP INDEX "session_userId_idx"; CREATE INDEX ON session ("userId", "createdAt")'],
    [
      'keys of the application',
      'CREATE UNIQUE INDEX ON verification (identifier, value); CREATE INDEX ON "user" (name)',
    ],
    ['a column of the application', 'ALTER TABLE "user" ADD username text UNIQUE, ADD points int NOT NULL DEFAULT 0'],
  ])('is not disturbed by %s, and migrate adds nothing', async (_what, change) => {
    await asOwner(database, change)
    expect(await readinessOf()).toEqual({ state: 'ready' })
    const before = await catalog()
    await migrate(database.env(), log)
    expect(await catalog()).toEqual(before)
  })
})

async function readinessOf() {
  const pools = createPools(database.env(), log)
  try {
    return await readiness(pools, database.env())
  } finally {
    await pools.end()
  }
}

async function changesOfNextRun(): Promise<unknown> {
  const lines: string[] = []
  await migrate(database.env(), createLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) }))
  return lines.filter((line) => line.includes('changed'))
}

const catalog = () =>
  database.sql(
    `SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
  )
