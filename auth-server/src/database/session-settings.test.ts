import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { asAdmin, createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { startTestServer } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { setupDatabase } from './setup.ts'

const silent = createLog({ LOG_LEVEL: 'silent' })

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const nameOf = (url: string) => pg.escapeIdentifier(new URL(url).pathname.slice(1))
const roleOf = (url: string) => pg.escapeIdentifier(new URL(url).username)
const subjects: [string, () => string][] = [
  ['of the database', () => `ALTER DATABASE ${nameOf(database.ownerUrl)}`],
  ['of the role', () => `ALTER ROLE ${roleOf(database.ownerUrl)}`],
  [
    'of the role in the database',
    () => `ALTER ROLE ${roleOf(database.ownerUrl)} IN DATABASE ${nameOf(database.ownerUrl)}`,
  ],
]

const FOREIGN = [
  "DateStyle = 'SQL, DMY'",
  "DateStyle = 'German'",
  "IntervalStyle = 'sql_standard'",
  "TimeZone = 'Asia/Tokyo'",
  "client_encoding = 'SQL_ASCII'",
  "client_encoding = 'LATIN1'",
  "bytea_output = 'escape'",
  'extra_float_digits = -15',
  'default_transaction_read_only = on',
  "default_transaction_isolation = 'serializable'",
  'default_transaction_deferrable = on',
  "statement_timeout = '1ms'",
  "lock_timeout = '1ms'",
  "idle_in_transaction_session_timeout = '1ms'",
  // Newer than PostgreSQL 13, so they are set on a connection that is there: it must live that long.
  "idle_session_timeout = '2s'",
  "transaction_timeout = '2s'",
  'row_security = off',
  'quote_all_identifiers = on',
  'search_path = nowhere',
]

describe.each(subjects)('a setting %s that is not ours', (_whose, subject) => {
  test('changes nothing: a fresh database is set up and migrated, and the server works', async () => {
    for (const setting of FOREIGN) await asAdmin(`${subject()} SET ${setting}`)

    await setupDatabase(database.env(), silent)
    await migrate(database.env(), silent)
    const server = await startTestServer(database.variables())
    const { client, email } = await signUp(server)

    await until(() => server.feed.isListening())
    expect(await (await client.get('/health/ready')).json()).toEqual({ status: 'ready' })
    const signIn = await createClient(server).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(signIn.status).toBe(200)
    const check = await client.check()
    expect(check.status).toBe(200)
    expect(JSON.stringify(await check.json())).toMatch(/"expiresAt":"\d{4}-\d\d-\d\dT[\d:.]+Z"/)
    expect(await (await client.get('/api/auth/get-session')).json()).toMatchObject({ user: { email } })
    expect((await client.post('/api/auth/update-user', { body: { name: 'Žofie 🦊' } })).status).toBe(200)
    expect(await (await client.get('/api/auth/get-session')).json()).toMatchObject({ user: { name: 'Žofie 🦊' } })
    expect((await client.post('/api/auth/sign-out')).status).toBe(200)
    for (const name of ['idle_session_timeout', 'transaction_timeout']) {
      expect((await server.pools.auth.query(`SHOW ${name}`)).rows).toEqual([{ [name]: '0' }])
    }
    await server.stop()
  })
})

test('replication mode, in which no cascade runs, is said and not ready', async () => {
  await migrate(database.env(), silent)
  await asAdmin(`ALTER ROLE ${roleOf(database.ownerUrl)} SET session_replication_role = replica`)

  expect(await readyOf(database.variables())).toMatchObject({
    status: 503,
    code: 'DATABASE_MISCONFIGURED',
    message: expect.stringMatching(/ALTER ROLE \S+ RESET session_replication_role/),
  })
})

test('behind a transaction pooler, which takes no settings along, they are pinned for the role, or missing ones said', async () => {
  const pooled = { ...database.variables(), DATABASE_POOLER: 'transaction' }
  await migrate(database.env({ DATABASE_POOLER: 'transaction' }), silent)
  expect(await readyOf(pooled)).toEqual({ status: 'ready' })

  const pinned = `ALTER ROLE ${roleOf(database.ownerUrl)} IN DATABASE ${nameOf(database.ownerUrl)}`
  await asAdmin(`${pinned} SET search_path = public`)
  const { status, message } = await readyOf(pooled)
  expect(status).toBe(503)

  const [, todo = ''] = /: (ALTER ROLE [^;]+);/.exec(String(message)) ?? []
  await asAdmin(todo)
  expect(await readyOf(pooled)).toEqual({ status: 'ready' })
})

test.each(['SQL_ASCII', 'LATIN1'])(
  'a database in %s is refused by set-up, migration and readiness',
  async (encoding) => {
    await migrate(database.env(), silent)
    const name = `${new URL(database.ownerUrl).pathname.slice(1)}_other`
    await asAdmin(
      `CREATE DATABASE ${name} OWNER ${roleOf(database.ownerUrl)} ENCODING '${encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
    try {
      const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
      const url = at(database.ownerUrl)
      const backend = { BACKEND_DATABASE_URL: at(database.backendUrl) }
      const other = { ...database.variables(), DATABASE_URL: url, DATABASE_URL_DIRECT: url, ...backend }
      const env = database.env(other)
      const wanted = new RegExp(`encoding is ${encoding}.*ENCODING 'UTF8' TEMPLATE template0`)
      await expect(setupDatabase(env, silent)).rejects.toThrow(wanted)
      await expect(migrate(env, silent)).rejects.toThrow(wanted)
      await recordMigrations(url)
      expect(await readyOf(other)).toMatchObject({
        code: 'DATABASE_MISCONFIGURED',
        message: expect.stringMatching(wanted),
      })
    } finally {
      await asAdmin(`DROP DATABASE ${name} WITH (FORCE)`)
    }
  },
)

/** As a version that did not look at the encoding left it. */
async function recordMigrations(url: string): Promise<void> {
  const recorded = await database.sql<{ name: string }>('SELECT name FROM auth_migration')
  const client = new pg.Client(url)
  await client.connect()
  await client.query('CREATE TABLE public.auth_migration (name text PRIMARY KEY)')
  for (const { name } of recorded) await client.query('INSERT INTO public.auth_migration VALUES ($1)', [name])
  await client.end()
}

async function readyOf(variables: Record<string, string>): Promise<Record<string, unknown>> {
  const server = await startTestServer(variables)
  try {
    let found: Record<string, unknown> = {}
    await until(async () => {
      const response = await fetch(`${server.url}/health/ready`)
      const body = (await response.json()) as Record<string, unknown>
      found = response.ok ? body : { ...body, status: response.status }
      return found.code !== 'FEED_UNAVAILABLE'
    })
    return found
  } finally {
    await server.stop()
  }
}
