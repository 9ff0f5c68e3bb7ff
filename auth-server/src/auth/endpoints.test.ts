import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const failure = (code: string) => ({ code, message: expect.any(String) })

test.each([
  '/api/auth//get-session',
  '/api/auth/get-session/',
  '/api/auth/get%2Dsession',
  '/api/auth/sign-in%2Femail',
  '/api/auth/%2e%2e/auth/get-session%00',
  '/api/auth/..;/get-session',
  '/api/auth/setPassword',
  '/api/auth/',
  '/api/auth',
  '/nowhere',
  '/api/auth/reset-password/%00',
  '/api/auth/reset-password/a%2Fb',
])('%s is not found', async (path) => {
  const response = await fetch(stack.url + path)
  expect([response.status, await response.json()]).toEqual([404, failure('NOT_FOUND')])
})

test.each([
  ['GET', '/api/auth/sign-in/email', 'POST'],
  ['PUT', '/api/auth/sign-up/email', 'POST'],
  ['DELETE', '/api/auth/get-session', 'GET, POST'],
  ['HEAD', '/api/auth/list-sessions', 'GET'],
])('%s %s is not allowed', async (method, path, allow) => {
  const response = await fetch(stack.url + path, { method })
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
})

test('better-auth has no page of its own: its error page is the one error body', async () => {
  const response = await fetch(`${stack.url}/api/auth/error?error=<script>&error_description=<b>`)
  expect([response.status, await response.json()]).toEqual([400, failure('UNKNOWN')])
})

test('an endpoint that needs a session says so in the one error body', async () => {
  const response = await fetch(`${stack.url}/api/auth/list-sessions`)
  expect([response.status, await response.json()]).toEqual([401, failure('UNAUTHORIZED')])
})
