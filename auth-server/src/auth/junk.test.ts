import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../test/client.ts'
import { betterAuthEndpoints, requestsOf } from '../../test/endpoints.ts'
import { startTestStack } from '../../test/harness.ts'
import { ENDPOINTS } from './endpoints.ts'

type SignedUp = Awaited<ReturnType<typeof signUp>>
type Sent = { status: number; body: string; what: string }

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({
    RATE_LIMIT_DEFAULT: '100000/10',
    RATE_LIMIT_ACCOUNT: '100000/10',
    CLIENT_IP_HEADER: CLIENT_ADDRESS,
  })
})
afterAll(() => stack.stop())

/** Each request comes from an address of its own: better-auth's own limits let three an address through. */
const CLIENT_ADDRESS = 'x-test-client-address'
let requests = 0
const nextAddress = () => {
  requests += 1
  return `10.${requests >> 16}.${(requests >> 8) & 255}.${requests & 255}`
}

const JUNK = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '',
  ' ',
  'x',
  'é💥\u202e\u0007\u007f',
  "' or 1=1 --",
  '%',
  '\\',
  'https://evil.example',
  '2026-01-01',
  'x'.repeat(8000),
  [],
  ['a', 1],
  {},
  { a: { b: 1 } },
]

/** Enough for an endpoint to get past its first checks, so that the junk beside it is used. */
const plausible = (victim: SignedUp): Record<string, unknown> => ({
  email: victim.email,
  newEmail: 'somebody@example.com',
  password: PASSWORD,
  newPassword: `${PASSWORD}!`,
  currentPassword: 'a wrong password',
  name: 'Nobody',
  token: 'x',
  sessionToken: 'x',
  provider: 'google',
  providerId: 'credential',
  userId: victim.userId,
  role: 'user',
  data: { name: 'Somebody' },
  permissions: { user: ['list'] },
  searchValue: 'a',
  filterField: 'name',
  filterValue: 'a',
})

const endpoints = requestsOf(betterAuthEndpoints())
  .map(({ method, path, body, query }) => ({
    method,
    path,
    fields: [...new Set([...body, ...query, 'callbackURL', 'unknown'])],
  }))
  // They end the very session that the others are tried with.
  .filter(({ path }) => !['/sign-out', '/revoke-sessions', '/revoke-other-sessions'].includes(path))

test.each(endpoints)(
  '$method $path refuses junk with a 4xx, never a 500, while its caller is served',
  async ({ method, path, fields }) => {
    const [admin, victim] = [await signUpAdmin(), await signUp(stack)]
    const base = Object.entries(plausible(victim)).filter(([name]) => fields.includes(name))
    const attempt = async (field: string, value: unknown): Promise<Sent> => {
      const response = await send(admin, { method, path, values: { ...Object.fromEntries(base), [field]: value } })
      const what = `${field}=${JSON.stringify(value).slice(0, 60)}`
      return { status: response.status, body: await response.text(), what }
    }
    const sent: Sent[] = []
    await expectServed(admin)
    for (const field of fields) {
      // Some at once, since what may have ended a session is held for 52 ms; not more than the hashing queue takes.
      for (let first = 0; first < JUNK.length; first += 4) {
        sent.push(...(await Promise.all(JUNK.slice(first, first + 4).map((value) => attempt(field, value)))))
      }
      await expectServed(admin)
    }

    expect(sent.filter(({ status }) => status >= 500 || status === 429)).toEqual([])
    expect(sent.filter(({ status, body }) => status >= 400 && !isErrorBody(body))).toEqual([])
    // Otherwise only the check of the caller was tested. Where no session is used, 401 is about a token in the request.
    const isReached = rowOf(path)?.session !== 'used' || sent.some(({ status }) => status !== 401 && status !== 403)
    expect(isReached).toBe(true)
  },
  60_000,
)

const rowOf = (path: string) => Object.entries(ENDPOINTS).find(([known]) => known === path)?.[1]

async function signUpAdmin(): Promise<SignedUp> {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  return admin
}

/** Junk sent without a valid session would be refused for that alone, and the test would say nothing. */
async function expectServed(admin: SignedUp): Promise<void> {
  const response = await send(admin, { method: 'GET', path: '/admin/list-users', values: { limit: '1' } })
  expect([response.status, await response.json()]).toMatchObject([200, { users: [expect.anything()] }])
}

type Request = { method: string; path: string; values: Record<string, unknown> }

/** With a bearer token, so that no response changes who is asking. */
function send({ bearer }: SignedUp, { method, path, values }: Request): Promise<Response> {
  const url = `${stack.url}/api/auth${path.replace(/:\w+/, 'x')}`
  const headers = { authorization: `Bearer ${bearer}`, [CLIENT_ADDRESS]: nextAddress() }
  if (method === 'GET') return fetch(`${url}?${queryOf(values)}`, { headers, redirect: 'manual' })
  const withBody = { ...headers, 'content-type': 'application/json' }
  return fetch(url, { method, headers: withBody, body: JSON.stringify(values), redirect: 'manual' })
}

function queryOf(values: Record<string, unknown>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return query
}

function isErrorBody(text: string): boolean {
  const body: unknown = JSON.parse(text)
  return typeof body === 'object' && body !== null && Object.keys(body).sort().join() === 'code,message'
}
