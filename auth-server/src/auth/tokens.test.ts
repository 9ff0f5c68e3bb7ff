import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { sign } from '../sessions/credential.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const json = { 'content-type': 'application/json' }
const error = (code: string) => ({ code, message: expect.any(String) })

test('sign-up and sign-in give the signed token, in the header and in the body', async () => {
  const { email, token, bearer } = await signUp(stack)
  const response = await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  const body = (await response.json()) as { token: string }

  expect(token).toBe(bearer)
  expect(body.token).toBe(response.headers.get('set-auth-token'))
  for (const authorization of [`Bearer ${token}`, `Bearer ${body.token}`]) {
    expect((await fetch(`${stack.url}/api/auth/session`, { headers: { authorization } })).status).toBe(200)
  }
})

test('the raw token, as it stands in the database, opens nothing', async () => {
  const { token } = await signUp(stack)
  const raw = token.split('.')[0] ?? ''

  const presented = [
    { authorization: `Bearer ${raw}` },
    { authorization: `Bearer ${raw}.` },
    { cookie: `better-auth.session_token=${raw}` },
    { cookie: `better-auth.session_token=${raw}.` },
  ]
  for (const headers of presented) {
    const responses = await Promise.all([
      fetch(`${stack.url}/api/auth/list-sessions`, { headers }),
      fetch(`${stack.url}/api/auth/session`, { headers }),
      fetch(`${stack.url}/api/auth/update-user`, {
        method: 'POST',
        headers: { ...json, ...headers, origin: 'http://localhost:3000' },
        body: '{"name":"Thief"}',
      }),
    ])
    expect(responses.map(({ status }) => status)).toEqual([401, 401, 401])
  }
})

const BAD_BEARERS = {
  'a raw token': (token: string) => `Bearer ${token.split('.')[0]}`,
  'a forged signature': (token: string) => `Bearer ${token.slice(0, -5)}AAAA=`,
  'a truncated one': (token: string) => `Bearer ${token.slice(0, -1)}`,
  'one signed with an old secret': (token: string) => `Bearer ${sign(token.split('.')[0] ?? '', 'an old secret')}`,
  'a JWT': () => 'Bearer eyJhbGciOiJub25lIn0.e30.x',
  'what a program stores for nothing': () => 'Bearer undefined',
  'no token': () => 'Bearer',
}
test.each(Object.entries(BAD_BEARERS))('%s beside a good cookie is refused', async (_what, bearer) => {
  const { client, token } = await signUp(stack)
  const headers = { authorization: bearer(token) }

  const responses = await Promise.all([
    client.get('/api/auth/get-session', { headers }),
    client.get('/api/auth/list-sessions', { headers }),
    client.post('/api/auth/update-user', { headers, body: { name: 'Somebody' } }),
  ])

  for (const response of responses) {
    expect([response.status, await response.json()]).toEqual([401, error('INVALID_TOKEN')])
  }
})

test('a percent-encoded bearer is the same user to us and to better-auth', async () => {
  const one = await signUp(stack)
  const encoded = encodeURIComponent(one.token).replace('.', '%2E')

  const response = await createClient(stack).get('/api/auth/get-session', {
    headers: { authorization: `Bearer ${encoded}` },
  })

  expect(await response.json()).toMatchObject({ user: { email: one.email } })
})

test('a bearer beside the cookie of another user is refused on every route', async () => {
  const [one, other] = [await signUp(stack), await signUp(stack)]

  for (const path of ['/api/auth/session', '/api/auth/get-session', '/api/auth/list-sessions']) {
    const response = await other.client.get(path, { headers: { authorization: `Bearer ${one.token}` } })
    expect([response.status, await response.json()]).toEqual([401, error('INVALID_TOKEN')])
  }
})
