import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { PATIENT, startTestStack } from '../../test/harness.ts'

const MAX = 5
let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ ...PATIENT, RATE_LIMIT_ACCOUNT: `${MAX}/900`, CLIENT_IP_HEADER: 'X-Real-IP' })
})
afterAll(() => stack.stop())

let hosts = 0
/** From a new address each time: what is counted here is not counted by address. */
function signIn(client: Client, email: string, password: string): Promise<Response> {
  hosts += 1
  const headers = { 'x-real-ip': `198.51.${Math.floor(hosts / 250)}.${1 + (hosts % 250)}` }
  return client.post('/api/auth/sign-in/email', { body: { email, password }, headers })
}

const stranger = () => createClient(stack)
const guess = (client: Client, email: string) => signIn(client, email, `not the password ${randomUUID()}`)

async function useUp(email: string): Promise<void> {
  for (let n = 0; n < MAX; n += 1) expect((await guess(stranger(), email)).status).toBe(401)
}

/** A user, and the browser in which they have signed in once. */
async function knownBrowser() {
  const { email } = await signUp(stack)
  const browser = stranger()
  expect((await signIn(browser, email, PASSWORD)).status).toBe(200)
  await browser.post('/api/auth/sign-out')
  return { email, browser }
}

test('fifty guesses at once from fifty addresses: as many are tried as one by one', async () => {
  const { email } = await signUp(stack)
  const statuses = await Promise.all(
    Array.from({ length: 50 }, async () => {
      // On a slow machine the last wait longer than the queue lets them.
      let response = await guess(stranger(), email)
      while (response.status === 503) response = await guess(stranger(), email)
      return response.status
    }),
  )
  expect(statuses.filter((status) => status === 401)).toHaveLength(MAX)
  expect(statuses.filter((status) => status === 429)).toHaveLength(50 - MAX)
})

test('the refusal is the one error body, says when to come back, and tells of no account', async () => {
  const { email } = await signUp(stack)
  const refusals = []
  for (const address of [email, `${randomUUID()}@example.com`]) {
    await useUp(address)
    const response = await guess(stranger(), address)
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(880)
    expect(seconds).toBeLessThanOrEqual(900)
    refusals.push([response.status, await response.json(), response.headers.getSetCookie()])
  }
  expect(refusals[0]).toEqual([
    429,
    { code: 'TOO_MANY_REQUESTS', message: expect.stringContaining('this account') },
    [],
  ])
  expect(refusals[1]).toEqual(refusals[0])
})

test('the right password in an unknown browser is refused too while the guesses are used up: or a guess could be it', async () => {
  const { email } = await signUp(stack)
  await useUp(email)
  expect((await signIn(stranger(), email, PASSWORD)).status).toBe(429)
})

test('capitals make no other account', async () => {
  const { email } = await signUp(stack)
  await useUp(email)
  expect((await guess(stranger(), email.toUpperCase())).status).toBe(429)
})

test('another account is not limited by it', async () => {
  const [one, other] = [await signUp(stack), await signUp(stack)]
  await useUp(one.email)
  expect((await signIn(stranger(), other.email, PASSWORD)).status).toBe(200)
})

test('a browser that has signed in before still signs in, and has as many guesses of its own', async () => {
  const { email, browser } = await knownBrowser()
  await useUp(email)

  expect((await signIn(browser, email, PASSWORD)).status).toBe(200)
  for (let n = 0; n < MAX; n += 1) expect((await guess(browser, email)).status).toBe(401)
  expect((await guess(browser, email)).status).toBe(429)
})

test('what it uses up is not taken from the others', async () => {
  const { email, browser } = await knownBrowser()
  for (let n = 0; n < MAX; n += 1) await guess(browser, email)
  expect((await guess(stranger(), email)).status).toBe(401)
})

test('right passwords use nothing up', async () => {
  const { email } = await signUp(stack)
  for (let n = 0; n < MAX * 2; n += 1) expect((await signIn(stranger(), email, PASSWORD)).status).toBe(200)
})

test('requests that are refused for another reason use nothing up', async () => {
  const { email } = await signUp(stack)
  for (let n = 0; n < MAX * 2; n += 1) {
    const body = { email, password: 'x'.repeat(1025) }
    expect((await stranger().post('/api/auth/sign-in/email', { body })).status).toBe(400)
  }
  expect((await guess(stranger(), email)).status).toBe(401)
})

test('a browser known to one account has no guesses of its own at another', async () => {
  const { browser } = await knownBrowser()
  const { email } = await signUp(stack)
  await useUp(email)
  expect((await guess(browser, email)).status).toBe(429)
})

test('a browser is known to several accounts', async () => {
  const { email, browser } = await knownBrowser()
  const other = await signUp(stack)
  expect((await signIn(browser, other.email, PASSWORD)).status).toBe(200)
  for (const address of [email, other.email]) {
    await useUp(address)
    expect((await signIn(browser, address, PASSWORD)).status).toBe(200)
  }
})

test('a cookie that was changed, or made up, knows nobody', async () => {
  const { email, browser } = await knownBrowser()
  await useUp(email)
  const [name = '', value = ''] = [...browser.jar].find(([key]) => key.includes('known_device')) ?? []
  const digit = value.endsWith('0') ? '1' : '0'
  for (const forged of [value.slice(0, -1) + digit, `${'0'.repeat(32)}-${'0'.repeat(32)}`, 'x'.repeat(500), '..', '']) {
    const client = stranger()
    client.jar.set(name, forged)
    expect((await signIn(client, email, PASSWORD)).status).toBe(429)
  }
})

test('a failed sign-in, and a sign-up, make no known browser', async () => {
  const { client, email } = await signUp(stack)
  await guess(client, email)
  expect([...client.jar.keys()].filter((name) => name.includes('known_device'))).toEqual([])
})

test('who resets the password may try at once', async () => {
  const { email } = await signUp(stack)
  await useUp(email)
  const token = `reset-${randomUUID()}`
  const identifier = createHash('sha256').update(`reset-password:${token}`).digest('base64url')
  await stack.sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     SELECT $1, $2, id, now() + interval '1 hour', now(), now() FROM "user" WHERE email = $3`,
    [randomUUID(), identifier, email],
  )
  const body = { token, newPassword: 'quite another password' }
  expect((await stranger().post('/api/auth/reset-password', { body })).status).toBe(200)

  expect((await signIn(stranger(), email, 'quite another password')).status).toBe(200)
})

test('no address is readable in what is counted', async () => {
  const { email } = await signUp(stack)
  await guess(stranger(), email)
  const rows = await stack.sql<{ key: string }>(`SELECT key FROM "rateLimit" WHERE key LIKE 'account|%'`)
  expect(rows.length).toBeGreaterThan(0)
  for (const { key } of rows) expect(key).toMatch(/^account\|[0-9a-f]{32}$/)
})
