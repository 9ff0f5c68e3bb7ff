import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startProxiedStack, startTestServer } from '../../test/harness.ts'
import { until } from '../../test/until.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>
let signedUp: Awaited<ReturnType<typeof signUp>>
/** Another server of the same database, for outages alone: a slow machine may take longer than it waits. */
let impatient: Awaited<ReturnType<typeof startTestServer>>

beforeAll(async () => {
  stack = await startProxiedStack({ RATE_LIMIT_DEFAULT: '100000/10' })
  const waits = { DATABASE_STATEMENT_TIMEOUT_MS: '300', DATABASE_CONNECT_TIMEOUT_MS: '300' }
  impatient = await startTestServer({ ...stack.variables, ...waits })
  signedUp = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [signedUp.userId])
})
afterEach(() => stack.proxy.pass())
afterAll(async () => {
  await impatient.stop()
  await stack.stop()
})

const ASKS_THE_DATABASE = [
  ['GET', '/get-session'],
  ['GET', '/session'],
  ['GET', '/session?optional=true'],
  ['GET', '/list-sessions'],
  ['GET', '/list-accounts'],
  ['GET', '/reset-password/x?callbackURL=/'],
  ['GET', '/admin/list-users'],
  ['POST', '/sign-in/email'],
  ['POST', '/sign-up/email'],
  ['POST', '/sign-out'],
  ['POST', '/update-user'],
  ['POST', '/change-password'],
  ['POST', '/verify-password'],
  ['POST', '/reset-password'],
  ['POST', '/revoke-session'],
  ['POST', '/revoke-sessions'],
  ['POST', '/revoke-other-sessions'],
  ['POST', '/admin/ban-user'],
] as const

const BODY = {
  email: 'someone@example.com',
  password: PASSWORD,
  newPassword: PASSWORD,
  currentPassword: PASSWORD,
  name: 'Someone',
  token: 'x',
  userId: 'x',
}

const OUTAGES = [
  { outage: 'is stopped', begin: () => stack.proxy.refuse() },
  { outage: 'hangs', begin: () => stack.proxy.hold() },
]

describe.each(OUTAGES)('while the database $outage', ({ begin }) => {
  test.each(ASKS_THE_DATABASE)('%s %s is a 503 that deletes no cookie', async (method, path) => {
    const client = createClient(impatient)
    const headers = { cookie: signedUp.client.cookieHeader() }
    await begin()

    const response = await (method === 'GET'
      ? client.get(`/api/auth${path}`, { headers })
      : client.post(`/api/auth${path}`, { headers, body: BODY }))

    expect([response.status, await response.json()]).toEqual([
      503,
      { code: 'DATABASE_UNAVAILABLE', message: expect.any(String) },
    ])
    expect(response.headers.get('retry-after')).toBe('1')
    expect(response.headers.getSetCookie()).toEqual([])
  })
})

test('after the outage everybody is still signed in', async () => {
  await stack.proxy.refuse()
  await signedUp.client.get('/api/auth/get-session')
  await signedUp.client.post('/api/auth/sign-out')
  await stack.proxy.pass()

  const response = await signedUp.client.get('/api/auth/session')

  expect(response.status).toBe(200)
})

test.each([
  ['a notification queue that is full', '54000', 503, 'DATABASE_UNAVAILABLE'],
  ["somebody's own trigger", 'P0001', 500, 'INTERNAL_ERROR'],
])('a sign-out that the database refuses, by %s, is not acknowledged', async (_by, state, status, code) => {
  await stack.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'refused' USING ERRCODE = '${state}'; END $$`)
  await stack.sql('CREATE TRIGGER refuse BEFORE DELETE ON session FOR EACH ROW EXECUTE FUNCTION refuse()')
  const response = await signedUp.client.post('/api/auth/sign-out')
  await stack.sql('DROP FUNCTION refuse CASCADE')

  expect([response.status, await response.json()]).toMatchObject([status, { code }])
  expect(response.headers.getSetCookie()).toEqual([])
  expect((await signedUp.client.get('/api/auth/session')).status).toBe(200)
})

test('a connection that dies under a sign-up ends in 503 or in an account that works', async () => {
  const attempts = Array.from({ length: 20 }, (_, index) => `dying-${index}@example.com`)
  const reset = setInterval(() => stack.proxy.reset(), 15)

  const responses = await Promise.all(
    attempts.map(async (email) => {
      const body = { email, name: 'Dying', password: PASSWORD }
      const response = await createClient(stack).post('/api/auth/sign-up/email', { body })
      return { email, status: response.status }
    }),
  )
  clearInterval(reset)

  const half = await stack.sql('SELECT FROM "user" u WHERE NOT EXISTS (SELECT FROM account a WHERE a."userId" = u.id)')
  const rows = await stack.sql<{ email: string }>('SELECT email FROM "user"')
  expect(half).toHaveLength(0)
  expect(responses.filter(({ status }) => ![200, 503].includes(status))).toEqual([])
  for (const { email, status } of responses) {
    if (status === 200) expect(rows.map((row) => row.email)).toContain(email)
  }
})

test('readiness is a 503 while the database is unavailable, and recovers', async () => {
  const ready = async () => (await fetch(`${stack.url}/health/ready`)).status
  const live = async () => (await fetch(`${stack.url}/health/live`)).status

  await stack.proxy.refuse()
  expect([await ready(), await live()]).toEqual([503, 200])
  await stack.proxy.pass()
  await until(async () => (await ready()) === 200)
})
