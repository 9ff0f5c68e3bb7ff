import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestServer, startTestStack, UNLIMITED } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let strict: Awaited<ReturnType<typeof startTestServer>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
  strict = await startTestServer({ ...stack.variables, PASSWORD_MIN_LENGTH: '24' })
})
afterAll(async () => {
  await strict.stop()
  await stack.stop()
})

const LONG = 'correct horse battery staple'
const result = async (response: Response) => [response.status, await response.json()]
const refused = [400, { code: 'PASSWORD_TOO_SHORT', message: 'A password must have at least 24 characters.' }]

test('a new password must have PASSWORD_MIN_LENGTH characters, wherever it is chosen', async () => {
  const { email, userId } = await signUp(stack)
  const client = createClient(strict)
  // Chosen before the setting was changed, and shorter.
  expect((await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })).status).toBe(200)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [userId])
  const short = LONG.slice(0, 23)
  const other = `${randomUUID()}@example.com`
  for (const [path, body] of [
    ['sign-up/email', { email: other, password: short, name: 'Ada' }],
    ['change-password', { currentPassword: PASSWORD, newPassword: short }],
    ['reset-password', { token: 'x', newPassword: short }],
    ['admin/create-user', { email: other, password: short, name: 'Ada' }],
    ['admin/set-user-password', { userId, newPassword: short }],
  ] as const) {
    expect(await result(await client.post(`/api/auth/${path}`, { body }))).toEqual(refused)
  }
  const body = { currentPassword: PASSWORD, newPassword: LONG.slice(0, 24) }
  expect((await client.post('/api/auth/change-password', { body })).status).toBe(200)
})

test('the pages are told how many', async () => {
  const { passwordMinLength } = (await (await fetch(`${strict.url}/api/auth/features`)).json()) as Record<
    string,
    unknown
  >
  expect(passwordMinLength).toBe(24)
})
