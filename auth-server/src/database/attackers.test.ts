import { afterEach, describe, expect, test } from 'vitest'
import { connectAs, DENIED, makeEarlierLayout, PLANTED } from '../../test/attacker.ts'
import { signUp } from '../../test/client.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { startTestServer } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { cleanUp } from './cleanup.ts'
import { setupDatabase } from './setup.ts'

const silent = createLog({ LOG_LEVEL: 'silent' })
const APP_TABLES = `
  CREATE TABLE IF NOT EXISTS app.app_users (id serial PRIMARY KEY, user_id text UNIQUE REFERENCES "user" (id) ON DELETE CASCADE);
  CREATE TABLE IF NOT EXISTS app.notes (id int, app_user_id int REFERENCES app.app_users ON DELETE CASCADE)`

let database: TestDatabase
let lines: string[]
afterEach(() => database.drop())

async function newLayout(): Promise<void> {
  database = await createTestDatabase()
  await migrate(database.env(), silent)
  const owner = await connectAs(database.backendOwnerUrl)
  await owner.attempt(APP_TABLES)
  await owner.end()
}

async function earlierLayout(): Promise<void> {
  database = await createTestDatabase()
  await migrate(database.env(), silent)
  await makeEarlierLayout(database)
}

async function repair(): Promise<void> {
  lines = []
  const log = createLog({ LOG_LEVEL: 'warn' }, { write: (line) => void lines.push(line) })
  await setupDatabase(database.env(), log)
  await migrate(database.env(), log)
}

async function repairedLayout(): Promise<void> {
  await earlierLayout()
  await repair()
}

describe.each([
  ['that setup-database made', newLayout],
  ['of an earlier version, set up again', repairedLayout],
])('the role that serves requests, on a database %s', (_layout, make) => {
  test('creates nothing, anywhere, that anybody else would meet', async () => {
    await make()
    const { backendRole, backendOwnerRole } = database
    const [authRole] = await database.sql<{ name: string }>(
      `SELECT tableowner AS name FROM pg_tables WHERE tablename = 'session'`,
    )
    const { attempt, end } = await connectAs(database.backendUrl)
    const found: Record<string, unknown> = {}
    for (const text of [
      ...['public', 'app'].flatMap((schema) => [
        `CREATE TABLE ${schema}.x (a int)`,
        `CREATE VIEW ${schema}.x AS SELECT 1`,
        `CREATE TYPE ${schema}.x AS (a int)`,
        `CREATE DOMAIN ${schema}.x AS text`,
        `CREATE SEQUENCE ${schema}.x`,
        `CREATE FUNCTION ${schema}.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
        `CREATE OPERATOR ${schema}.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = oideq)`,
        `CREATE TABLE ${schema}."twoFactor" (a int)`,
        `CREATE TABLE ${schema}.x (u text REFERENCES public."user" (id))`,
        `CREATE TABLE ${schema}.x (u text REFERENCES app.app_users (user_id))`,
        `CREATE STATISTICS ${schema}.x ON id, user_id FROM app.app_users`,
        `CREATE COLLATION ${schema}.x FROM "C"`,
      ]),
      'CREATE TEMP TABLE x (u text REFERENCES public."user" (id))',
      'CREATE SCHEMA x',
      'CREATE EXTENSION citext',
      'CREATE CAST (oid AS text) WITH INOUT AS IMPLICIT',
      `CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
      'CREATE PUBLICATION x FOR TABLE app.notes',
      ...['app.app_users', 'app.notes', 'public."user"', 'public.session'].flatMap((table) => [
        `CREATE TRIGGER x BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        `CREATE CONSTRAINT TRIGGER x AFTER DELETE ON ${table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
           EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        `CREATE RULE x AS ON DELETE TO ${table} DO INSTEAD NOTHING`,
        `CREATE INDEX x ON ${table} ((1))`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
        `TRUNCATE ${table} CASCADE`,
        `DROP TABLE ${table}`,
      ]),
      ...['session', 'account', 'verification', '"rateLimit"'].map((table) => `SELECT FROM public.${table}`),
      'SELECT email FROM public."user"',
      `ALTER ROLE "${authRole?.name}" SET search_path = public`,
      `ALTER ROLE "${backendOwnerRole}" SET search_path = public`,
      `ALTER ROLE "${backendRole}" CREATEROLE`,
      `ALTER DATABASE "${new URL(database.backendUrl).pathname.slice(1)}" SET search_path = public`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE "${authRole?.name}" GRANT ALL ON TABLES TO PUBLIC`,
      `SET ROLE "${authRole?.name}"`,
      `SET ROLE "${backendOwnerRole}"`,
      `SET SESSION AUTHORIZATION "${authRole?.name}"`,
      `GRANT "${authRole?.name}" TO "${backendRole}"`,
      'SET session_replication_role = replica',
      `COPY (SELECT 1) TO PROGRAM 'true'`,
    ]) {
      found[text] = await attempt(text)
    }
    await end()

    const allowed = Object.entries(found).filter(([, code]) => ![DENIED, '42P16', '42809'].includes(String(code)))
    expect(allowed).toEqual([])
  })

  test('owns nothing, and still does its work', async () => {
    await make()
    const owned = `SELECT classid::regclass, objid FROM pg_shdepend WHERE deptype = 'o' AND refobjid = $1::regrole
                     AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`
    expect(await database.sql(owned, [`"${database.backendRole}"`])).toEqual([])
    await database.sql(`INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
                        VALUES ('u1', 'x', 'x@example.com', false, now(), now())`)
    const { attempt, end } = await connectAs(database.backendUrl)
    expect(await attempt(`INSERT INTO app.app_users (user_id) VALUES ('u1') RETURNING user_id`)).toEqual([
      { user_id: 'u1' },
    ])
    expect(await attempt(`UPDATE app.app_users SET user_id = 'u1' RETURNING user_id`)).toEqual([{ user_id: 'u1' }])
    await database.sql(`DELETE FROM "user"`)
    expect(await attempt('SELECT FROM app.app_users')).toEqual([])
    const owner = await connectAs(database.backendOwnerUrl)
    expect(await owner.attempt('CREATE TABLE app.later (id serial)')).toEqual([])
    expect(await attempt('INSERT INTO app.later DEFAULT VALUES RETURNING id')).toEqual([{ id: 1 }])
    await Promise.all([end(), owner.end()])
  })
})

describe('what an attacker left in public while an earlier version let it', () => {
  test('runs in no statement: of the set-up, migrations, server, feed, and cleaning up', async () => {
    await earlierLayout()
    const attacker = await connectAs(database.backendUrl)
    expect(await attacker.attempt(PLANTED)).toEqual([])
    await database.sql(`DELETE FROM auth_migration WHERE name LIKE '000%' OR name LIKE 'better-auth:%'`)
    await database.sql('DROP INDEX "session_expiresAt_idx"; DELETE FROM auth_migration')
    await database.sql(
      `DROP INDEX "account_providerId_accountId_key", "verification_expiresAt_idx", "user_createdAt_idx", "rateLimit_lastRequest_idx"`,
    )
    for (const table of ['session', '"user"']) {
      for (const event of ['delete', 'update', 'truncate'])
        await database.sql(`DROP TRIGGER announce_${event} ON ${table}`)
    }

    await repair()
    const server = await startTestServer(database.variables())
    const { client } = await signUp(server)
    expect((await client.check()).status).toBe(200)
    await database.sql(`UPDATE session SET "expiresAt" = now() + interval '1 day'`)
    expect((await client.check()).status).toBe(200)
    await cleanUp(server, { everyMs: 1, pauseMs: 1, batch: 10 }, new AbortController().signal)
    await until(() => server.feed.isOpen())
    expect((await client.post('/api/auth/sign-out')).status).toBe(200)
    await server.stop()

    const [ran] = await database.sql<{ found: string }>(
      `SELECT coalesce(to_regclass('app.ran'), to_regclass('public.ran'))::text AS found`,
    )
    expect(await database.sql(`SELECT * FROM ${ran?.found}`)).toEqual([])
    expect(lines.join()).toContain('DROP OPERATOR public.=(pg_catalog.oid,pg_catalog.regclass)')
    expect(await attacker.attempt('SELECT token FROM public.session')).toBe(DENIED)
    await attacker.end()
  })

  test.each([
    ['a trigger', 'CREATE TRIGGER x BEFORE DELETE ON app_users FOR EACH ROW EXECUTE FUNCTION stop()'],
    [
      'a trigger at the end of a transaction',
      'CREATE CONSTRAINT TRIGGER x AFTER DELETE ON app_users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stop()',
    ],
    ['an index', 'CREATE INDEX x ON notes (pure(app_user_id))'],
    ['a check', 'ALTER TABLE notes ADD CHECK (pure(app_user_id) = 1) NOT VALID'],
    ['a default', 'ALTER TABLE notes ALTER app_user_id SET DEFAULT pure(1)'],
    ['a policy', 'CREATE POLICY x ON notes USING (pure(app_user_id) = 1)'],
    ['a rule', 'CREATE RULE x AS ON DELETE TO notes DO ALSO SELECT pure(1)'],
    ['a view', 'CREATE VIEW x AS SELECT pure(1)'],
    ['a domain', 'CREATE DOMAIN x AS int CHECK (pure(VALUE) = 1)'],
    [
      'a cast',
      'CREATE TYPE t AS (a int); CREATE FUNCTION c(t) RETURNS int LANGUAGE sql AS $$SELECT 1$$; CREATE CAST (t AS int) WITH FUNCTION c(t)',
    ],
  ])('in %s stops the set-up, which names it, changes nothing, and goes on once it is dropped', async (_what, text) => {
    await earlierLayout()
    const attacker = await connectAs(database.backendUrl)
    await attacker.attempt(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;
      CREATE FUNCTION pure(int) RETURNS int IMMUTABLE LANGUAGE sql AS $$SELECT 1$$`)
    expect(await attacker.attempt(text)).toEqual([])
    await attacker.end()

    const error = await setupDatabase(database.env(), silent).catch((thrown: unknown) => thrown)
    expect(String(error)).toMatch(
      /owns code that its tables run, and nothing was changed.*DROP FUNCTION public\.\w+\(.*\) CASCADE/s,
    )
    expect(await database.sql(`SELECT to_regclass('public.app_users') IS NOT NULL AS "isThere"`)).toEqual([
      { isThere: true },
    ])

    const [, drop = ''] = /(DROP FUNCTION .* CASCADE)/.exec(String(error)) ?? []
    await database.sql(drop)
    await setupDatabase(database.env(), silent)
    expect(await database.sql(`SELECT to_regclass('app.app_users') IS NOT NULL AS "isThere"`)).toEqual([
      { isThere: true },
    ])
  })

  test('a reference without CASCADE is named, with the SQL', async () => {
    await earlierLayout()
    const attacker = await connectAs(database.backendUrl)
    await attacker.attempt(
      'CREATE TABLE direct (u text REFERENCES "user" (id)); CREATE TABLE indirect (u int REFERENCES app_users)',
    )
    await attacker.end()

    await repair()

    const [line = ''] = lines.filter((one) => one.includes('keeps the user from being deleted'))
    for (const table of ['direct', 'indirect']) {
      const [todo = ''] = (JSON.parse(line).todo as string[]).filter((one) => one.includes(`app.${table} `))
      await database.sql(todo)
      expect(todo).toMatch(/ON DELETE CASCADE$/)
    }
    await repair()
    expect(lines.filter((one) => one.includes('keeps the user from being deleted'))).toEqual([])
  })
})

test.each([
  ['a table', 'CREATE TABLE public."rateLimit" (id text)'],
  ['a view', 'CREATE VIEW public.session AS SELECT 1'],
  ['a type', 'CREATE TYPE public.account AS ENUM ()'],
  ['a domain', 'CREATE DOMAIN public.verification AS text'],
  [
    'a function',
    `CREATE FUNCTION public.announce_revocation() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  ],
])('%s of another role under a name to come is refused, by name', async (_what, text) => {
  database = await createTestDatabase()
  await database.sql(`GRANT CREATE ON SCHEMA public TO "${database.backendRole}"`)
  const attacker = await connectAs(database.backendUrl)
  expect(await attacker.attempt(text)).toEqual([])
  await attacker.end()

  await expect(migrate(database.env(), silent)).rejects.toThrow(
    new RegExp(`owns what this server needs for itself.*, owned by ${database.backendRole}`, 's'),
  )
})
