import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { PATIENT, startTestServer, startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({
    ...PATIENT,
    RATE_LIMIT_SIGN_IN: '3/60',
    RATE_LIMIT_DEFAULT: '5/60',
    RATE_LIMIT_ACCOUNT: '100000/10',
    CLIENT_IP_HEADER: 'X-Real-IP',
  })
})
afterAll(() => stack.stop())

function signInFrom(
  address: string,
  headers: Record<string, string> = {},
  server: { url: string; internalUrl: string } = stack,
) {
  const body = { email: 'nobody@example.com', password: PASSWORD }
  return createClient(server).post('/api/auth/sign-in/email', { body, headers: { 'x-real-ip': address, ...headers } })
}

async function statuses(responses: Promise<Response>[]): Promise<number[]> {
  return (await Promise.all(responses)).map(({ status }) => status).toSorted()
}

test('thirty sign-ins at once from one address: three are tried', async () => {
  const responses = await statuses(Array.from({ length: 30 }, () => signInFrom('203.0.113.1')))
  expect(responses.filter((status) => status === 401)).toHaveLength(3)
  expect(responses.filter((status) => status === 429)).toHaveLength(27)
})

test('the refusal has the one error body and says when to come back', async () => {
  for (let attempt = 0; attempt < 3; attempt += 1) await signInFrom('203.0.113.2')
  const response = await signInFrom('203.0.113.2')

  expect([response.status, await response.json()]).toEqual([
    429,
    { code: 'TOO_MANY_REQUESTS', message: expect.any(String) },
  ])
  const seconds = Number(response.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(50)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(response.headers.get('x-retry-after')).toBe(response.headers.get('retry-after'))
})

test('another address is not kept out by it', async () => {
  for (let attempt = 0; attempt < 4; attempt += 1) await signInFrom('203.0.113.3')
  expect((await signInFrom('203.0.113.4')).status).toBe(401)
})

test.each([
  ['IPv6 addresses of one /64', ['2001:db8::1', '2001:db8::2', '2001:DB8:0:0:ffff::3', '2001:db8::4']],
  ['one IPv4 address in four spellings', ['198.51.100.9', '::ffff:198.51.100.9', '::FFFF:c633:6409', ' 198.51.100.9']],
])('%s are one address', async (_what, addresses) => {
  const responses: number[] = []
  for (const address of addresses) responses.push((await signInFrom(address)).status)
  expect(responses).toEqual([401, 401, 401, 429])
})

test('no other header changes who is counted, and least of all our own', async () => {
  const responses: number[] = []
  for (const name of ['x-forwarded-for', 'forwarded', 'cf-connecting-ip', 'x-auth-server-client-address']) {
    responses.push((await signInFrom('203.0.113.5', { [name]: `192.0.2.${responses.length}` })).status)
  }
  expect(responses).toEqual([401, 401, 401, 429])
})

test('two servers share one count', async () => {
  const other = await startTestServer({
    ...stack.database.variables(),
    RATE_LIMIT_SIGN_IN: '3/60',
    RATE_LIMIT_ACCOUNT: '100000/10',
    CLIENT_IP_HEADER: 'x-real-ip',
  })
  const responses = await statuses(
    Array.from({ length: 10 }, (_, index) => signInFrom('203.0.113.6', {}, index % 2 ? other : stack)),
  )
  await other.stop()
  expect(responses.filter((status) => status === 401)).toHaveLength(3)
})

test('session checks are not limited', async () => {
  const { client } = await signUp(stack)
  const checks = Array.from({ length: 40 }, (_, index) =>
    client.get(`/api/auth/${index % 2 ? 'get-session' : 'session'}`),
  )
  expect(new Set(await statuses(checks))).toEqual(new Set([200]))
})

test.each([
  ['203.0.113.77', '203.0.113.77'],
  ['203.0.113.77:4711', '203.0.113.77'],
  ['2001:DB8:0:1:0:0:0:77', '2001:db8:0:1::77'],
  ['"[2001:db8:0:1::78]:4711"', '2001:db8:0:1::78'],
])('a client that a proxy writes as %s has sessions at %s', async (written, address) => {
  const client = createClient(stack)
  const email = `placed-${encodeURIComponent(written).replaceAll('%', '')}@example.com`.toLowerCase()
  const headers = { 'x-real-ip': written }
  await client.post('/api/auth/sign-up/email', { body: { email, name: 'P', password: PASSWORD }, headers })
  await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD }, headers })

  expect(await (await client.get('/api/auth/session')).json()).toMatchObject({ session: { ipAddress: address } })
  const rows = await stack.sql(
    `SELECT DISTINCT "ipAddress" FROM session s JOIN "user" u ON u.id = s."userId" WHERE email = $1`,
    [email],
  )
  expect(rows).toEqual([{ ipAddress: address }])
})
