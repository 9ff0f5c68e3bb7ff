import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { betterAuthEndpoints, requestsOf } from '../../test/endpoints.ts'
import { startTestStack } from '../../test/harness.ts'
import { refuseElsewhere } from './redirects.ts'

const OWN = 'http://localhost:3000'
const contract: { elsewhere: string[]; local: [string, string][] } = JSON.parse(
  readFileSync(new URL('../../../contract/redirects.json', import.meta.url), 'utf8'),
)
const KEYS = {
  callbackURL: 'INVALID_CALLBACK_URL',
  redirectTo: 'INVALID_REDIRECT_URL',
  errorCallbackURL: 'INVALID_ERROR_CALLBACK_URL',
  newUserCallbackURL: 'INVALID_NEW_USER_CALLBACK_URL',
  errorURL: 'INVALID_REDIRECT_URL',
  newUserURL: 'INVALID_REDIRECT_URL',
}

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const get = (path: string) => fetch(`${stack.url}/api/auth${path}`, { redirect: 'manual' })
const outcomeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
  response.headers.get('location'),
]
const refusedWith = (code: string) => [403, code, null]

test.each(['/verify-email?token=x&', '/reset-password/x?', '/delete-user/callback?token=x&'])(
  'no alias of an address elsewhere gets through GET %s',
  async (path) => {
    for (const address of contract.elsewhere) {
      const response = await get(`${path}${new URLSearchParams({ callbackURL: address })}`)
      expect([address, ...(await outcomeOf(response))]).toEqual([address, ...refusedWith('INVALID_CALLBACK_URL')])
    }
  },
)

test.each(contract.local)('%j is where a link may lead', async (address, path) => {
  const response = await get(`/verify-email?${new URLSearchParams({ token: 'x', callbackURL: address })}`)
  expect(response.status).toBe(302)
  const location = new URL(response.headers.get('location') ?? '', OWN)
  expect([location.origin, location.pathname]).toEqual([OWN, new URL(path, OWN).pathname])
})

test('every endpoint refuses every key in its body, and in its query', async () => {
  const address = '/..//evil.example'
  for (const { method, path } of requestsOf(betterAuthEndpoints())) {
    if (path === '/error') continue
    for (const [key, code] of Object.entries(KEYS)) {
      const url = `${stack.url}/api/auth${path.replace(/:\w+/, 'x')}`
      const inQuery = await fetch(`${url}?${new URLSearchParams({ [key]: address })}`, { method, redirect: 'manual' })
      expect([path, key, ...(await outcomeOf(inQuery))]).toEqual([path, key, ...refusedWith(code)])
      if (method === 'GET') continue
      for (const body of [{ [key]: address }, { data: { [key]: address } }, { list: [{ [key]: address }] }]) {
        const headers = { 'content-type': 'application/json' }
        const inBody = await fetch(url, { method, headers, body: JSON.stringify(body), redirect: 'manual' })
        expect([path, key, ...(await outcomeOf(inBody))]).toEqual([path, key, ...refusedWith(code)])
      }
    }
  }
}, 60_000)

test('what is no single text is no address', async () => {
  for (const callbackURL of [['/a', '//evil.example'], ['/'], { a: '/' }, 1, true, null]) {
    const body = { email: 'a@example.com', password: PASSWORD, callbackURL }
    const response = await createClient(stack).post('/api/auth/sign-in/email', { body })
    expect([callbackURL, ...(await outcomeOf(response))]).toEqual([callbackURL, 400, 'BAD_REQUEST', null])
  }
  for (const query of [
    'callbackURL=/&callbackURL=//evil.example',
    'callbackURL[]=/',
    'callbackURL[0]=//evil.example',
  ]) {
    expect([query, ...(await outcomeOf(await get(`/verify-email?token=x&${query}`)))]).toEqual([
      query,
      400,
      'BAD_REQUEST',
      null,
    ])
  }
})

test('a sign-in with a page to go to names that page', async () => {
  const { email } = await signUp(stack)
  const body = { email, password: PASSWORD, callbackURL: '/notes?x=1' }
  const response = await createClient(stack).post('/api/auth/sign-in/email', { body })
  expect([response.status, response.headers.get('location')]).toEqual([200, '/notes?x=1'])
})

test('a response that leads elsewhere is refused, whatever its status and wherever it came from', () => {
  const check = refuseElsewhere({ PUBLIC_URL: OWN, CORS_ORIGIN: ['https://app.example'] })
  const leadingTo = (location: string, status = 302) => new Response(null, { status, headers: { location } })
  for (const location of ['/x?error=y', `${OWN}/x`, 'https://app.example/x']) {
    expect(check(leadingTo(location), {}).headers.get('location')).toBe(location)
  }
  for (const status of [200, 201, 302, 303, 307]) {
    expect(() => check(leadingTo('//evil.example/?error=x', status), {})).toThrow(
      'neither PUBLIC_URL nor in CORS_ORIGIN',
    )
  }
  expect(check(leadingTo('https://provider.example/authorize', 200), { leadsTo: 'provider' }).status).toBe(200)
})
