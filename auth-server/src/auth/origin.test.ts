import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { exchange } from '../../test/raw-http.ts'

type Case = { what: string; headers: [name: string, value: string][]; code: string | null }
const { allowed, requests } = JSON.parse(
  readFileSync(new URL('../../../contract/origins.json', import.meta.url), 'utf8'),
) as { allowed: string[]; requests: Case[] }

let stack: Awaited<ReturnType<typeof startTestStack>>
let cookie: string
let email: string

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', CORS_ORIGIN: allowed.join(',') })
  const signedUp = await signUp(stack)
  cookie = signedUp.client.cookieHeader()
  email = signedUp.email
})
afterAll(() => stack.stop())

/** With exactly these header lines: fetch() would tidy them up. */
async function post(path: string, headers: Case['headers'], body: object = {}) {
  const response = await exchange(stack.url, {
    method: 'POST',
    path,
    headers: [['content-type', 'application/json'], ...headers],
    body: JSON.stringify(body),
  })
  return { ...(JSON.parse(response.body) as { code?: string; message?: string }), status: response.status }
}

test.each(requests)(
  'by cookie, better-auth is asked for what a page of ours may do, and no more: $what',
  async ({ headers, code }) => {
    const response = await post('/api/auth/update-user', [['cookie', cookie], ...headers], { name: 'Somebody' })

    expect([response.status, response.code]).toEqual(code === null ? [200, undefined] : [403, code])
  },
)

test.each(
  requests.filter(({ headers }) => headers.some(([name]) => ['origin', 'sec-fetch-site', 'referer'].includes(name))),
)('nobody is signed in by a page that is not ours: $what', async ({ headers, code }) => {
  const response = await post('/api/auth/sign-in/email', headers, { email, password: PASSWORD })

  expect([response.status, response.code]).toEqual(code === null ? [200, undefined] : [403, code])
})

test('a program that sends no cookie signs in without an origin', async () => {
  const fromNode: Case['headers'] = [['sec-fetch-mode', 'cors']]
  for (const headers of [[], fromNode]) {
    expect((await post('/api/auth/sign-in/email', headers, { email, password: PASSWORD })).status).toBe(200)
  }
})

test('a refusal says what to send and which setting names the origins', async () => {
  for (const headers of [[], [['origin', 'https://evil.example']]] as Case['headers'][]) {
    const { message } = await post('/api/auth/sign-out', [['cookie', cookie], ...headers])
    expect(message).toMatch(/header "Origin: /)
    expect(message).toContain('CORS_ORIGIN')
    expect(message).not.toMatch(/localhost|example\.com/)
  }
})

test('a bearer beside its own cookie needs no origin', async () => {
  const { client, bearer, userId } = await signUp(stack)
  const headers: Case['headers'] = [
    ['cookie', client.cookieHeader()],
    ['authorization', `Bearer ${bearer}`],
  ]

  expect((await post('/api/auth/update-user', headers, { name: 'By bearer' })).status).toBe(200)
  expect((await post('/api/auth/sign-out', headers)).status).toBe(200)
  expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])).toEqual([])
})

test('an Authorization header of a staging site lifts nothing from the cookie beside it', async () => {
  const basic: Case['headers'] = [
    ['cookie', cookie],
    ['authorization', 'Basic eDp5'],
  ]
  const [allowedOrigin = ''] = allowed

  expect((await post('/api/auth/update-user', basic, { name: 'X' })).code).toBe('MISSING_OR_NULL_ORIGIN')
  const fromUs = await post('/api/auth/update-user', [...basic, ['origin', allowedOrigin]], { name: 'X' })
  expect(fromUs.status).toBe(200)
})

test.each([
  '',
  'Bearer',
  'Bearer null',
  'Bearer undefined',
  'Bearer a.b',
  'Basic eDp5',
  'Negotiate YII',
  'stale',
  'somebody else',
])('nobody is kept out of the routes that need no session by Authorization: %s', async (value) => {
  const [gone, other] = [await signUp(stack), await signUp(stack)]
  await gone.client.post('/api/auth/sign-out', { headers: { origin: allowed[0] ?? '' } })
  const tokens: Record<string, string> = { stale: `Bearer ${gone.bearer}`, 'somebody else': `Bearer ${other.bearer}` }
  const headers = { authorization: tokens[value] ?? value, origin: allowed[0] ?? '' }
  // With the cookies of another session too: a browser in which two people signed in one after the other.
  const { client } = await signUp(stack)

  const signIn = await client.post('/api/auth/sign-in/email', { headers, body: { email, password: PASSWORD } })
  const created = { email: `new-${Math.random()}@example.com`, password: PASSWORD, name: 'New' }
  const signUpResponse = await client.post('/api/auth/sign-up/email', { headers, body: created })
  const reset = await client.post('/api/auth/reset-password', { headers, body: { newPassword: PASSWORD, token: 'x' } })
  const verify = await client.get('/api/auth/verify-email?token=x', { headers })
  const social = await client.post('/api/auth/sign-in/social', { headers, body: { provider: 'google' } })

  expect([signIn.status, signUpResponse.status]).toEqual([200, 200])
  expect([reset.status, verify.status, social.status]).toEqual([400, 401, 404])
  const { user } = (await createClient(stack)
    .get('/api/auth/session', { headers: { cookie: client.cookieHeader() } })
    .then((response) => response.json())) as { user: { email: string } }
  expect(user.email).toBe(created.email)
})
