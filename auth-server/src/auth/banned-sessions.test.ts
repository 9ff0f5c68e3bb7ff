import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const ban = (userId: string, until: string | null) =>
  stack.sql('UPDATE "user" SET banned = true, "banExpires" = now() + $2::interval WHERE id = $1', [userId, until])
const outcomeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code?: string } | null)?.code,
]
const bannedNow = (path: string) => [path, 401, 'BANNED_USER']

test("a user banned by SQL is refused on better-auth's own routes too, by cookie and by bearer", async () => {
  const { client, bearer, userId } = await signUp(stack)
  const authorization = `Bearer ${bearer}`
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [userId])
  await ban(userId, null)

  for (const path of ['list-sessions', 'list-accounts', 'admin/list-users']) {
    const url = `/api/auth/${path}`
    expect([path, ...(await outcomeOf(await client.get(url)))]).toEqual(bannedNow(path))
    const byBearer = await createClient(stack).get(url, { headers: { authorization } })
    expect([path, ...(await outcomeOf(byBearer))]).toEqual(bannedNow(path))
  }
  for (const [path, body] of [
    ['update-user', { name: 'Another' }],
    ['revoke-sessions', {}],
    ['change-password', { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` }],
  ] as const) {
    const response = await createClient(stack).post(`/api/auth/${path}`, { body, headers: { authorization } })
    expect([path, ...(await outcomeOf(response))]).toEqual(bannedNow(path))
  }
  const [row] = await stack.sql('SELECT name FROM "user" WHERE id = $1', [userId])
  expect(row).toEqual({ name: 'Test Person' })
})

test('get-session, which never refuses, returns null', async () => {
  const { client, userId } = await signUp(stack)
  await ban(userId, null)
  const response = await client.get('/api/auth/get-session')
  expect([response.status, await response.json()]).toEqual([200, null])
})

test('the session is there again when the ban is over', async () => {
  const { client, userId } = await signUp(stack)
  await ban(userId, '1 hour')
  expect((await client.get('/api/auth/list-sessions')).status).toBe(401)
  await ban(userId, '-1 second')
  expect((await client.get('/api/auth/list-sessions')).status).toBe(200)
})

test('a banned user can sign out, and another user can sign in with the same browser', async () => {
  const [banned, other] = [await signUp(stack), await signUp(stack)]
  await ban(banned.userId, null)
  const body = { email: other.email, password: PASSWORD }
  const signIn = await banned.client.post('/api/auth/sign-in/email', { body })
  expect(signIn.status).toBe(200)

  const third = await signUp(stack)
  await ban(third.userId, null)
  expect((await third.client.post('/api/auth/sign-out')).status).toBe(200)
  expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [third.userId])).toEqual([])
})
