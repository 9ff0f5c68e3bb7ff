import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, sessionIdOf, signInElsewhere, signUp } from '../../test/client.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { type FeedStack, revocations, startFeedStack } from '../../test/feed.ts'
import { asOwner } from '../../test/foreign-schemas.ts'
import { startTestServer } from '../../test/harness.ts'
import { subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'
import { makeAdmin } from '../commands/make-admin.ts'
import { cleanUp } from '../database/cleanup.ts'
import { TABLES } from '../database/naming/tables.ts'
import { createLog } from '../log.ts'
import { migrate, migrationSql } from './migrate.ts'

/** Every table has another name, and "userId" and "createdAt" differ from table to table. */
const RENAMED = {
  AUTH_TABLE_NAMES: 'plural, snake_case, sso_*, user=People',
  AUTH_COLUMN_NAMES: [
    ...['snake_case', 'user.name=full_name', 'user.email=email_address', 'user.createdAt=joined_at'],
    ...['session.userId=owner_id', 'session.createdAt=began_at', 'account.userId=holder_id'],
  ].join(', '),
}
const log = createLog({ LOG_LEVEL: 'silent' })

/** `table.column` of all that stands in the schema. */
const columnsIn = async ({ sql }: Pick<TestDatabase, 'sql'>) =>
  (
    await sql<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
    )
  ).map(({ name }) => name)

/** As ORMs compare them. */
const keysIn = async ({ sql }: Pick<TestDatabase, 'sql'>) =>
  (
    await sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'
        UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f' ORDER BY 1`,
    )
  ).map(({ name }) => name)

async function keysOfNew(settings: Record<string, string>): Promise<string[]> {
  const database = await createTestDatabase()
  await migrate(database.env(settings), log)
  const keys = await keysIn(database)
  await database.drop()
  return keys
}

describe('a new database', () => {
  let stack: FeedStack
  beforeAll(async () => {
    stack = await startFeedStack(undefined, { ...RENAMED, RATE_LIMIT_SIGN_IN: '100000/10' })
  })
  afterAll(() => stack.stop())

  test('has tables and columns by the names of the settings alone', async () => {
    const columns = await columnsIn(stack)
    expect(columns).toContain('People.email_address')
    expect(columns).toContain('sso_sessions.owner_id')
    const tables = new Set(columns.map((column) => column.split('.')[0]))
    expect([...tables].filter((table) => table && table in TABLES)).toEqual([])
    expect(columns.filter((column) => /\.[a-z]+[A-Z]/.test(column))).toEqual([])
  })

  test('is what the next migration needs, and ready', async () => {
    expect(await migrationSql(stack.env, log)).toContain('The tables are as this version needs them')
    expect(await stack.readiness()).toEqual({ state: 'ready' })
  })

  test('signs up and in, is checked, and lists and ends what belongs to a user', async () => {
    const { client, email } = await signUp(stack)
    await signInElsewhere(stack, email)
    expect(await (await client.check()).json()).toMatchObject({ user: { email, name: 'Test Person' } })

    const { devices } = (await (await client.get('/api/auth/devices')).json()) as { devices: { id: string }[] }
    const elsewhere = devices.find(({ id }) => id !== devices[0]?.id)?.id ?? ''
    expect((await client.call('DELETE', `/api/auth/devices/${elsewhere}`)).status).toBe(200)

    const changed = { currentPassword: PASSWORD, newPassword: 'another horse battery', revokeOtherSessions: true }
    expect((await client.post('/api/auth/change-password', { body: changed })).status).toBe(200)
    const activity = JSON.stringify(await (await client.get('/api/auth/activity')).json())
    expect(activity).toContain('password-changed')
  })

  test('announces what SQL by hand ends, by the names of the protocol', async () => {
    const { client, bearer, userId } = await signUp(stack)
    const subscriber = await subscribe(stack)
    await subscriber.catchUp()
    const id = await sessionIdOf(client)
    await stack.sql('DELETE FROM sso_sessions WHERE id = $1', [id])
    await stack.sql('UPDATE "People" SET banned = true WHERE id = $1', [userId])
    await until(() => revocations(subscriber).length === 2)
    expect(revocations(subscriber)).toMatchObject([
      { type: 'revoke', session: id },
      { type: 'revoke', user: userId },
    ])
    expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(401)
    subscriber.close()
  })

  test('shows a sign-up with an address that is taken like any other', async () => {
    const email = `${randomUUID()}@example.com`
    const body = { email, password: PASSWORD, name: 'Test Person' }
    const tries = Array.from({ length: 4 }, () => createClient(stack).post('/api/auth/sign-up/email', { body }))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200, 422]))
    expect(await stack.sql('SELECT FROM "People" WHERE email_address = $1', [email])).toHaveLength(1)
  })

  test('is cleaned up, and its first administrator made', async () => {
    const { email, userId } = await signUp(stack)
    await stack.sql(`UPDATE sso_sessions SET expires_at = now() - interval '2 hours' WHERE owner_id = $1`, [userId])
    await cleanUp(stack, { everyMs: 1, pauseMs: 1, batch: 100 }, new AbortController().signal)
    expect(await stack.sql('SELECT FROM sso_sessions WHERE owner_id = $1', [userId])).toEqual([])
    await makeAdmin(stack.env, email)
    expect(await stack.sql('SELECT role FROM "People" WHERE id = $1', [userId])).toEqual([{ role: 'admin' }])
  })
})

describe('names that are changed later', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    await migrate(database.env(), log)
  })
  afterAll(() => database.drop())

  /** The statements that `migrate` proposes, and no other. */
  async function proposed(settings: Record<string, string>): Promise<string> {
    const message = await migrate(database.env(settings), log).then(
      () => '',
      (error: Error) => error.message,
    )
    return message
      .split('\n')
      .filter((line) => line.endsWith(';'))
      .join('\n')
  }

  test.each([
    ['from those of the code', RENAMED],
    ['to others', { AUTH_TABLE_NAMES: 'auth_*' }],
    ['back to those of the code', {}],
    ['of the users alone, to whom the keys of others lead', { AUTH_TABLE_NAMES: 'user=people' }],
  ])('rename nothing: migrate stops with the SQL that does, %s', async (_what, settings: Record<string, string>) => {
    const email = `${randomUUID()}@example.com`
    const before = await columnsIn(database)
    const sql = await proposed(settings)
    expect(await columnsIn(database)).toEqual(before)
    expect(sql).toContain('RENAME TO')
    expect(sql).not.toContain('auth_migration')
    expect(sql.split('\n').filter((line) => !/ RENAME (?:TO|COLUMN|CONSTRAINT) /.test(line))).toEqual([])

    await asOwner(database, sql)
    await migrate(database.env(settings), log)

    expect((await columnsIn(database)).toSorted().length).toBe(before.length)
    expect(await keysIn(database)).toEqual(await keysOfNew(settings))
    const server = await startTestServer({ ...database.variables(), ...settings })
    await signUp(server, email)
    const body = { email, password: PASSWORD }
    expect((await createClient(server).post('/api/auth/sign-in/email', { body })).status).toBe(200)
    await server.stop()
  })
})
