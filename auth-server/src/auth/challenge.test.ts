import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

type Refused = (email: string) => [method: 'GET' | 'POST', path: string, body?: unknown]

// RFC 9110 §15.5.2: a 401 says how to authenticate. better-auth's does not.
test.each<[string, Refused]>([
  ['a list of sessions without one', () => ['GET', '/list-sessions']],
  ['a change without a session', () => ['POST', '/update-user', { name: 'Nobody' }]],
  ['an administration without a session', () => ['GET', '/admin/list-users']],
  ['who am I, without a session', () => ['GET', '/session']],
  ['a wrong password', (email) => ['POST', '/sign-in/email', { email, password: 'not the password' }]],
  ['a link with a made-up token', () => ['GET', '/verify-email?token=made-up']],
])('%s is a 401 that names the scheme', async (_what, refused) => {
  const { email } = await signUp(stack)
  const [method, path, body] = refused(email)
  const client = createClient(stack)

  const response = await (method === 'GET' ? client.get(`/api/auth${path}`) : client.post(`/api/auth${path}`, { body }))

  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})
