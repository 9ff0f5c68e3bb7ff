import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { hashPassword } from '../passwords/hash.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const BREACHED = 'password123'
const REFUSED = { code: 'PASSWORD_COMPROMISED', message: expect.stringContaining('data breach') }

test('a sign-up with a breached password makes no user', async () => {
  const body = { email: 'breached@example.com', name: 'Somebody', password: BREACHED }
  const response = await createClient(stack).post('/api/auth/sign-up/email', { body })

  expect([response.status, await response.json()]).toEqual([400, REFUSED])
  expect(await stack.sql('SELECT FROM "user" WHERE email = $1', [body.email])).toHaveLength(0)
})

test('a password is not changed to a breached one', async () => {
  const { client, email } = await signUp(stack)
  const body = { currentPassword: PASSWORD, newPassword: BREACHED }
  const response = await client.post('/api/auth/change-password', { body })

  expect([response.status, await response.json()]).toEqual([400, REFUSED])
  const signIn = { body: { email, password: PASSWORD } }
  expect((await createClient(stack).post('/api/auth/sign-in/email', signIn)).status).toBe(200)
})

test('who has a breached password already signs in with it, and may leave it', async () => {
  const { client, email } = await signUp(stack)
  const hash = await hashPassword(BREACHED)
  await stack.sql('UPDATE account SET password = $1 FROM "user" u WHERE account."userId" = u.id AND u.email = $2', [
    hash,
    email,
  ])

  const signIn = { body: { email, password: BREACHED } }
  expect((await createClient(stack).post('/api/auth/sign-in/email', signIn)).status).toBe(200)
  const change = { body: { currentPassword: BREACHED, newPassword: PASSWORD } }
  expect((await client.post('/api/auth/change-password', change)).status).toBe(200)
})

test('an administrator sets no breached password either', async () => {
  const { client, email } = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE email = $1`, [email])
  const other = await signUp(stack)
  const [user] = await stack.sql<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [other.email])

  const body = { userId: user?.id, newPassword: BREACHED }
  const response = await client.post('/api/auth/admin/set-user-password', { body })

  expect([response.status, await response.json()]).toEqual([400, REFUSED])
})
