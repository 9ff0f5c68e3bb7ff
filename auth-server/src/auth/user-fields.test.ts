import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { type FeedStack, revocations, startFeedStack } from '../../test/feed.ts'
import { subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate, migrationSql } from '../migrations/migrate.ts'

const FIELDS = [
  { name: 'plan', type: 'string', default: 'free', required: true, services: true },
  { name: 'preferences', type: 'json', default: {}, signUp: true, update: true, services: true },
  { name: 'birthday', type: 'date', signUp: true, services: true },
  { name: 'seats', type: 'number', default: 1.5, update: true, services: true },
  { name: 'isStaff', type: 'boolean', default: false },
  { name: 'githubUsername', type: 'string', unique: true, maxLength: 20, signUp: true, update: true },
]
const AUTH_USER_FIELDS = JSON.stringify(FIELDS)
const log = createLog({ LOG_LEVEL: 'silent' })

let stack: FeedStack
beforeAll(async () => {
  stack = await startFeedStack(undefined, {
    AUTH_USER_FIELDS,
    AUTH_COLUMN_NAMES: 'snake_case',
    RATE_LIMIT_SIGN_IN: '100000/10',
  })
})
afterAll(() => stack.stop())

const signUpWith = (fields: object) =>
  createClient(stack).post('/api/auth/sign-up/email', {
    body: { email: `${randomUUID()}@example.com`, password: PASSWORD, name: 'Test Person', ...fields },
  })
/** Status, code and message: nothing else is in the body. */
async function refused(response: Promise<Response>): Promise<unknown[]> {
  const { status, ...answer } = { status: (await response).status, body: await (await response).json() }
  const { code, message, ...more } = answer.body as Record<string, unknown>
  expect(more).toEqual({})
  return [status, code, message]
}

/** They are read by two statements: find-user-of-sign-in.ts has the one for sign-ins. */
test('a sign-in with a password returns the user with the same fields as the session, each of its type', async () => {
  const { email, client } = await signUp(stack)
  const preferences = { theme: 'dark', sizes: [1, 2] }
  await client.post('/api/auth/update-user', { body: { preferences, seats: 2.5 } })
  const day = `UPDATE "user" SET birthday = '1990-01-02T03:04:05Z', "image" = 'https://example.com/a.png' WHERE email = $1`
  await stack.sql(day, [email])

  const elsewhere = createClient(stack)
  const signedIn = await elsewhere.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  const { user } = (await signedIn.json()) as { user: object }
  const session = (await (await elsewhere.get('/api/auth/get-session')).json()) as { user: object }
  expect(user).toEqual(session.user)
  expect(user).toMatchObject({ email, preferences, seats: 2.5, plan: 'free', birthday: '1990-01-02T03:04:05.000Z' })
})

describe('the database', () => {
  test('has the columns, with defaults for rows that are inserted by SQL', async () => {
    await stack.sql(`INSERT INTO "user" (id, name, email) VALUES ('by-sql', 'x', 'by-sql@example.com')`)
    const [row] = await stack.sql(
      `SELECT plan, preferences, birthday, seats, is_staff, github_username FROM "user" WHERE id = 'by-sql'`,
    )
    expect(row).toEqual({
      ...{ plan: 'free', preferences: {}, birthday: null, seats: 1.5, is_staff: false, github_username: null },
    })
  })

  test('is what the next migration needs, and gets a field that is added later', async () => {
    expect(await migrationSql(stack.env, log)).toContain('The tables are as this version needs them')
    const more = [...FIELDS, { name: 'tags', type: 'json', default: ['new'], required: true }]
    await migrate(stack.database.env({ ...stack.variables, AUTH_USER_FIELDS: JSON.stringify(more) }), log)
    expect(await stack.sql(`SELECT DISTINCT tags FROM "user"`)).toEqual([{ tags: ['new'] }])
  })

  test('follows a default that changes, and one that goes, but keeps an expression', async () => {
    const withPlan = (plan: object) => [{ name: 'plan', type: 'string', services: true, ...plan }, ...FIELDS.slice(1)]
    const defaultAfter = async (plan: object) => {
      const fields = JSON.stringify(withPlan(plan))
      const env = stack.database.env({ ...stack.variables, AUTH_USER_FIELDS: fields })
      await migrate(env, log)
      expect(await migrationSql(env, log)).toContain('The tables are as this version needs them')
      const [column] = await stack.sql<{ value: string | null; nullable: string }>(
        `SELECT column_default AS value, is_nullable AS nullable FROM information_schema.columns
          WHERE table_name = 'user' AND column_name = 'plan'`,
      )
      return [column?.value, column?.nullable]
    }
    expect(await defaultAfter({ default: `it's`, required: true })).toEqual([`'it''s'::text`, 'NO'])
    expect(await defaultAfter({})).toEqual([null, 'YES'])
    await stack.sql(`ALTER TABLE "user" ALTER COLUMN plan SET DEFAULT lower('FREE'),
      ALTER COLUMN birthday SET DEFAULT 'infinity', ALTER COLUMN seats SET DEFAULT 'NaN'`)
    expect(await defaultAfter({ default: 'free' })).toEqual([`lower('FREE'::text)`, 'YES'])
    await stack.sql('ALTER TABLE "user" ALTER COLUMN plan DROP DEFAULT, ALTER COLUMN birthday DROP DEFAULT')
    expect(await defaultAfter({ default: 'free', required: true })).toEqual([`'free'::text`, 'NO'])
  })

  test('cannot get a required field without a default while there are rows', async () => {
    const more = [...FIELDS, { name: 'nickname', type: 'string', required: true, signUp: true }]
    const env = stack.database.env({ ...stack.variables, AUTH_USER_FIELDS: JSON.stringify(more) })
    await expect(migrate(env, log)).rejects.toThrow(/"nickname" is missing, and the rows that are there need a value/)
  })
})

describe('a sign-up', () => {
  test('sets what it may, and the others have their defaults', async () => {
    const response = await signUpWith({ preferences: { theme: 'dark' }, birthday: '1990-01-31T00:00:00Z' })
    expect(response.status).toBe(200)
    const { user } = (await response.json()) as { user: Record<string, unknown> }
    expect(user).toMatchObject({ plan: 'free', preferences: { theme: 'dark' }, seats: 1.5 })
    expect(user).not.toHaveProperty('isStaff')
  })

  test.each([
    [{ plan: 'pro' }, 'FIELD_NOT_ALLOWED', 'plan cannot be set here.'],
    [{ isStaff: true }, 'FIELD_NOT_ALLOWED', 'isStaff cannot be set here.'],
    [{ isStaff: false }, 'FIELD_NOT_ALLOWED', 'isStaff cannot be set here.'],
    [{ seats: 3 }, 'FIELD_NOT_ALLOWED', 'seats cannot be set here.'],
    [{ preferences: 'dark' }, 'VALIDATION_ERROR', 'preferences must be a JSON object or list.'],
    [{ preferences: { x: 'y'.repeat(5000) } }, 'VALIDATION_ERROR', 'preferences may have at most 4096 bytes as JSON.'],
    [
      { birthday: 'yesterday' },
      'VALIDATION_ERROR',
      'birthday must be a time in ISO 8601, such as 2026-01-31T12:00:00Z.',
    ],
    [{ birthday: '0000-01-01T00:00:00Z' }, 'VALIDATION_ERROR', 'birthday must be in the years 1 to 9999.'],
    [{ birthday: '9999-12-31T23:59:59-01:00' }, 'VALIDATION_ERROR', 'birthday must be in the years 1 to 9999.'],
    [{ githubUsername: 7 }, 'VALIDATION_ERROR', 'githubUsername must be a string.'],
    [{ githubUsername: 'x'.repeat(21) }, 'VALIDATION_ERROR', 'githubUsername may have at most 20 characters.'],
  ])('with %j is refused', async (fields, code, message) => {
    expect(await refused(signUpWith(fields))).toEqual([400, code, message])
  })

  test.each([
    ['numbers that are short in JSON, and long in jsonb', Array(500).fill(1e300)],
    ['numbers that are as small', { x: Array(500).fill(-5e-324) }],
  ])('with JSON of %s is refused', async (_what, preferences) => {
    const message = 'preferences may have at most 4096 bytes as JSON.'
    expect(await refused(signUpWith({ preferences }))).toEqual([400, 'VALIDATION_ERROR', message])
  })

  test('with JSON of a few such numbers is made', async () => {
    const preferences = { numbers: [1e20, -1e300, 2.5e-7] }
    const response = await signUpWith({ preferences })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ user: { preferences } })
  })

  test('with a unique value that another user has is refused, and says which', async () => {
    const githubUsername = randomUUID().slice(0, 8)
    expect((await signUpWith({ githubUsername })).status).toBe(200)
    expect(await refused(signUpWith({ githubUsername }))).toEqual([
      ...[409, 'CONFLICT', 'Another user has this githubUsername.'],
    ])
  })
})

describe('a change', () => {
  test('of what the user may set is made, null where it is not required', async () => {
    const { client } = await signUp(stack)
    const body = { preferences: ['a'], seats: 4, githubUsername: randomUUID().slice(0, 8) }
    expect((await client.post('/api/auth/update-user', { body })).status).toBe(200)
    expect((await client.post('/api/auth/update-user', { body })).status).toBe(200)
    expect(await (await client.check()).json()).toMatchObject({ user: { fields: { preferences: ['a'], seats: 4 } } })
    expect((await client.post('/api/auth/update-user', { body: { seats: null } })).status).toBe(200)
    expect(await (await client.check()).json()).toMatchObject({ user: { fields: { seats: null } } })
  })

  test.each([
    [{ plan: 'pro' }, 'FIELD_NOT_ALLOWED'],
    [{ birthday: '1990-01-31T00:00:00Z' }, 'FIELD_NOT_ALLOWED'],
    [{ seats: '4' }, 'VALIDATION_ERROR'],
  ])('to %j is refused', async (body, code) => {
    const { client } = await signUp(stack)
    expect((await refused(client.post('/api/auth/update-user', { body }))).slice(0, 2)).toEqual([400, code])
  })
})

describe('services', () => {
  test('see the fields that they may, and no other', async () => {
    const { client } = await signUp(stack)
    const { user } = (await (await client.check()).json()) as { user: { fields: object } }
    expect(user.fields).toEqual({ plan: 'free', preferences: {}, birthday: null, seats: 1.5 })
    expect(user).not.toHaveProperty('plan')
    const atBrowser = (await (await client.get('/api/auth/session')).json()) as { user: { fields: object } }
    expect(atBrowser.user.fields).toEqual(user.fields)
  })

  test.each([
    [`'0044-03-15 BC'`, '0001-01-01T00:00:00.000Z'],
    [`'-infinity'`, '1970-01-01T00:00:00.000Z'],
    [`'infinity'`, '9999-12-31T23:59:59.999Z'],
    [`'12345-01-01Z'`, '9999-12-31T23:59:59.999Z'],
  ])('see the date %s, which SQL wrote, as one that ISO 8601 can write', async (date, seen) => {
    const { client, userId } = await signUp(stack)
    await stack.sql(`UPDATE "user" SET birthday = ${date} WHERE id = $1`, [userId])
    const response = await client.check()
    expect([response.status, await response.json()]).toMatchObject([200, { user: { fields: { birthday: seen } } }])
    expect((await client.get('/api/auth/session')).status).toBe(200)
  })

  test('hear of every change of those, made by SQL too, and of no other', async () => {
    const { bearer, userId } = await signUp(stack)
    const subscriber = await subscribe(stack)
    await subscriber.catchUp()
    await stack.sql(`UPDATE "user" SET is_staff = true WHERE id = $1`, [userId])
    await stack.sql(`UPDATE "user" SET plan = 'pro', birthday = '1990-01-31T12:00:00Z' WHERE id = $1`, [userId])
    await until(() => revocations(subscriber).length > 0)
    expect(revocations(subscriber)).toEqual([{ type: 'revoke', user: userId }])
    const checked = await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })
    expect(await checked.json()).toMatchObject({
      user: { fields: { plan: 'pro', birthday: '1990-01-31T12:00:00.000Z' } },
    })
    subscriber.close()
  })
})
