import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { betterAuthEndpoints } from '../../test/endpoints.ts'
import { startTestStack } from '../../test/harness.ts'
import { errorResponse } from '../http/error-response.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'
import { ENDPOINTS, FEATURES, knownEndpoint } from './endpoints.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const error = (code: string) => ({ code, message: expect.any(String) })
const rowOf = (path: string): Endpoint | undefined => Object.entries(ENDPOINTS).find(([known]) => known === path)?.[1]
const described = betterAuthEndpoints()

describe('the table', () => {
  test.each(described)('has a row for $path of better-auth, with its methods', ({ path, methods }) => {
    expect(rowOf(path), `${path} is not served: give it a row in auth/methods or auth/plugins`).toBeDefined()
    expect(rowOf(path)?.methods).toEqual(methods)
  })

  test.each(Object.keys(ENDPOINTS))('has a row for %s, which better-auth has', (path) => {
    expect(described.map((endpoint) => endpoint.path)).toContain(path)
  })

  test('has each path in one feature only', () => {
    const paths = FEATURES.flatMap((rows) => Object.keys(rows))
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([])
  })

  test.each(described)('says of $path what the fields of its body say', ({ path, body }) => {
    const row = rowOf(path)
    const has = (...names: string[]) => names.some((name) => body.includes(name))
    expect({
      hashesPassword: row?.password !== 'unused',
      changesPassword: row?.password === 'changed',
      namesSession: row?.revokes === 'sessionToken',
      namesUser: row?.unknownUser !== undefined,
    }).toEqual({
      hashesPassword: has('password', 'newPassword', 'currentPassword'),
      changesPassword: has('newPassword'),
      namesSession: has('sessionToken'),
      namesUser: has('userId'),
    })
  })

  test.each(Object.keys(ENDPOINTS).filter((path) => /^\/sign-(?:in|up)\//.test(path)))(
    'says that %s signs in',
    (path) => {
      expect(rowOf(path)).toMatchObject({ session: 'made', limit: 'guessing' })
    },
  )

  test.each(Object.entries(ENDPOINTS).filter(([path]) => path.includes('token')))(
    'counts nothing by the secret in %s',
    (path, { limit }) => {
      expect(limit === 'none').toBe(path.includes(':token'))
    },
  )
})

test('a path of better-auth without a row is not found', async () => {
  const { '/sign-out': _left, ...others } = ENDPOINTS
  const app = new Hono<AuthEnv>()
    .use(knownEndpoint(others))
    .all('*', (c) => c.body(null, 204))
    .onError(errorResponse)
  const statusOf = async (path: string) => (await app.request(path, { method: 'POST' })).status
  expect([await statusOf('/api/auth/sign-out'), await statusOf('/api/auth/sign-in/email')]).toEqual([404, 204])
})

test.each([
  '/api/auth//get-session',
  '/api/auth/get-session/',
  '/api/auth/get%2Dsession',
  '/api/auth/sign-in%2Femail',
  '/api/auth/%2e%2e/auth/get-session%00',
  '/api/auth/..;/get-session',
  '/api/auth/setPassword',
  '/api/auth/toString',
  '/api/auth/',
  '/api/auth',
  '/nowhere',
  '/api/auth/reset-password/%00',
  '/api/auth/reset-password/a%2Fb',
])('%s is not found', async (path) => {
  const response = await fetch(stack.url + path)
  expect([response.status, await response.json()]).toEqual([404, error('NOT_FOUND')])
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
  expect([response.status, await response.json()]).toEqual([400, error('UNKNOWN')])
  const named = await fetch(`${stack.url}/api/auth/error?error=state_mismatch`)
  expect([named.status, await named.json()]).toEqual([400, error('STATE_MISMATCH')])
})

test('an endpoint that needs a session says so in the one error body', async () => {
  const response = await fetch(`${stack.url}/api/auth/list-sessions`)
  expect([response.status, await response.json()]).toEqual([401, error('UNAUTHORIZED')])
})
