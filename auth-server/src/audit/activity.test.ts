import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { readContract } from '../../test/contract.ts'
import { startProxiedStack } from '../../test/harness.ts'
import { writeCursor } from './cursor.ts'
import { EVENT_TYPES } from './events.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>
beforeAll(async () => {
  stack = await startProxiedStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>
type Page = { events: Record<string, unknown>[]; nextCursor: string | null }

async function pageOf(client: SignedUp['client'], path: string): Promise<Page> {
  const response = await client.get(path)
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as Page
}

async function administrator() {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  return admin
}

/** `count` events, every second one in the same millisecond as the one before. */
const addEvents = (userId: string, count: number) =>
  stack.sql(
    `INSERT INTO audit_event (type, "userId", "createdAt")
     SELECT 'signed-out', $1, date_trunc('milliseconds', now()) - make_interval(mins => i / 2) FROM generate_series(1, $2) i`,
    [userId, count],
  )

const error = (code: string) => ({ code, message: expect.any(String) })

test('the types are those of the contract', () => {
  expect(EVENT_TYPES.toSorted()).toEqual(readContract<{ types: string[] }>('activity').types)
})

test('a user reads their own activity, newest first, in words of the device', async () => {
  const { client, email } = await signUp(stack)
  await signUp(stack)
  const headers = { 'user-agent': 'curl/8.5.0', 'x-request-id': 'request-of-ada' }
  await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD }, headers })

  const { events, nextCursor } = await pageOf(client, '/api/auth/activity')

  expect(nextCursor).toBeNull()
  expect(events).toEqual([
    {
      ...{ id: expect.any(String), type: 'signed-in', createdAt: expect.any(String), ipAddress: '127.0.0.1' },
      ...{ kind: 'program', browser: 'curl', system: null, byAdministrator: false, isThisSession: false },
      details: { method: 'password' },
    },
    expect.objectContaining({ type: 'signed-up' }),
  ])
})

test('the pages hold each event once, also those of one millisecond', async () => {
  const { client, userId } = await signUp(stack)
  await addEvents(userId, 45)
  const seen: unknown[] = []

  let cursor: string | null = ''
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '10', ...(cursor && { cursor }) })
    const page: Page = await pageOf(client, `/api/auth/activity?${query}`)
    expect(page.events.length).toBeLessThanOrEqual(10)
    seen.push(...page.events.map(({ id }) => id))
    cursor = page.nextCursor
  }

  const all = await stack.sql<{ id: string }>(
    `SELECT id FROM audit_event WHERE "userId" = $1 ORDER BY "createdAt" DESC, id DESC`,
    [userId],
  )
  expect(seen).toEqual(all.map(({ id }) => id))
  expect(seen).toHaveLength(46)
})

test('a cursor of somebody else’s page shows nothing of theirs', async () => {
  const [signedUp, other] = [await signUp(stack), await signUp(stack)]
  await addEvents(other.userId, 5)
  const { nextCursor } = await pageOf(other.client, '/api/auth/activity?limit=2')

  const { events } = await pageOf(signedUp.client, `/api/auth/activity?cursor=${nextCursor}`)

  const ids = await stack.sql<{ id: string }>('SELECT id FROM audit_event WHERE "userId" = $1', [other.userId])
  for (const { id } of events) expect(ids.map((row) => row.id)).not.toContain(id)
})

const CURSORS = [
  ...['', 'x', 'null', '%00', 'W10', '[]'],
  ...[`["2026-01-01T00:00:00.000Z"]`, `["2026-01-01","a"]`, `["2026-13-41T00:00:00.000Z","a"]`, `["x","' OR 1=1"]`].map(
    (text) => Buffer.from(text).toString('base64url'),
  ),
  writeCursor({ createdAt: '2026-01-01T00:00:00.000Z', id: 'x'.repeat(65) }),
  'x'.repeat(600),
]

test.each([
  ...CURSORS.map((cursor) => `cursor=${cursor}`),
  ...[
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e3',
    'limit=NaN',
    'limit=',
    'limit=5&limit=6',
    'limit[]=5',
    'userId=x',
  ],
])('the query %s is refused', async (query) => {
  const { client } = await signUp(stack)

  const response = await client.get(`/api/auth/activity?${query}`)

  expect([response.status, await response.json()]).toEqual([400, error('VALIDATION_ERROR')])
})

test('an administrator reads every user’s activity, by user, type and time', async () => {
  const [admin, one, other] = [await administrator(), await signUp(stack), await signUp(stack)]
  await one.client.post('/api/auth/sign-out')
  const ids = async (query: Record<string, string>) => {
    const { events } = await pageOf(admin.client, `/api/auth/admin/activity?${new URLSearchParams(query)}`)
    return events.map(({ type, userId }) => [type, userId])
  }

  expect(await ids({ userId: one.userId })).toEqual([
    ['signed-out', one.userId],
    ['signed-up', one.userId],
  ])
  expect(await ids({ userId: one.userId, type: 'signed-up' })).toEqual([['signed-up', one.userId]])
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
  expect(await ids({ userId: other.userId, to: hourAgo })).toEqual([])
  expect(await ids({ userId: other.userId, from: hourAgo })).toEqual([['signed-up', other.userId]])
  const [everything] = (await pageOf(admin.client, '/api/auth/admin/activity?limit=1')).events
  expect(Object.keys(everything ?? {})).toEqual([
    ...['id', 'type', 'userId', 'actorId', 'sessionId', 'ipAddress', 'userAgent', 'requestId', 'details', 'createdAt'],
  ])
})

test.each([
  'type=unknown',
  'from=yesterday',
  'to=2026-01-01',
  'userId=',
  'userId=%00',
  'sort=id;drop',
  'userId=a&userId=b',
])('the administrator’s query %s is refused', async (query) => {
  const { client } = await administrator()

  const response = await client.get(`/api/auth/admin/activity?${query}`)

  expect([response.status, await response.json()]).toEqual([400, error('VALIDATION_ERROR')])
})

test('nobody else reads every user’s activity', async () => {
  const { client, userId } = await signUp(stack)
  const path = `/api/auth/admin/activity?userId=${userId}`
  await stack.sql(`UPDATE "user" SET role = 'administrator,user' WHERE id = $1`, [userId])

  const [asUser, asNobody] = [await client.get(path), await fetch(stack.url + path)]

  expect([asUser.status, await asUser.json()]).toEqual([403, error('FORBIDDEN')])
  expect([asNobody.status, await asNobody.json()]).toEqual([401, error('SESSION_REQUIRED')])
})

test('without a database it is 503', async () => {
  const { client } = await administrator()
  await stack.proxy.refuse()

  const responses = [await client.get('/api/auth/activity'), await client.get('/api/auth/admin/activity')]
  await stack.proxy.pass()

  expect(responses.map(({ status }) => status)).toEqual([503, 503])
})

test('an event of a newer version is shown with its type', async () => {
  const { client, userId } = await signUp(stack)
  await stack.sql(`INSERT INTO audit_event (type, "userId", "createdAt") VALUES ('from-the-future', $1, now())`, [
    userId,
  ])

  const { events } = await pageOf(client, '/api/auth/activity')

  expect(events[0]).toMatchObject({ type: 'from-the-future', ipAddress: null, browser: null, details: {} })
})
