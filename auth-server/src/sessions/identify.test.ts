import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { readContract } from '../../test/contract.ts'
import { SECRET } from '../../test/database.ts'
import { startTestStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { sign } from './credential.ts'

const DAY = 24 * 60 * 60 * 1000

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
  // When it opens, the pools get new connections: some tests look at who takes one.
  await until(() => stack.feed.isOpen())
})
afterAll(() => stack.stop())

type Body = { session: { expiresAt: string; refreshAt: string | null } }
/** Of the contract's nullable fields: what a user has who was never given a value. */
const contract = readContract<Record<'session' | 'user', Record<string, { nullable: boolean }>>>('identity')
const noValues = (fields: Record<string, { nullable: boolean }>) =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, { nullable }]) => (nullable ? [[name, null]] : [])))

const identityOf = async (response: Response) => (await response.json()) as Body
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code
const check = (headers: Record<string, string>) => checkSession(stack.internalUrl, headers)
const ban = (userId: string, until: string | null) =>
  stack.sql('UPDATE "user" SET banned = true, "banExpires" = now() + $2::interval WHERE id = $1', [userId, until])
/** As if the session had been made, and last extended, that much earlier. */
const age = (token: string, by: string) =>
  stack.sql(
    `UPDATE session SET "createdAt" = "createdAt" - $2::interval, "updatedAt" = "updatedAt" - $2::interval,
       "expiresAt" = "expiresAt" - $2::interval WHERE token = $1`,
    [token, by],
  )

describe('who is this?', () => {
  test('a signed-in user is identified, by cookie and by bearer alike, without anything secret', async () => {
    const { client, bearer, email, token, userId } = await signUp(stack)

    const byCookie = await client.check()
    const byBearer = await check({ authorization: `Bearer ${bearer}` })

    expect(byCookie.status).toBe(200)
    const body = await byCookie.text()
    expect(await byBearer.text()).toBe(body)
    expect(body).not.toContain(token.split('.')[0])
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const times = { createdAt: iso, updatedAt: iso }
    const session = {
      id: expect.any(String),
      userId,
      expiresAt: iso,
      refreshAt: iso,
      ipAddress: '127.0.0.1',
      userAgent: 'node',
    }
    const user = { id: userId, email, emailVerified: false, name: 'Test Person', role: 'user' }
    expect(JSON.parse(body)).toEqual({
      session: { ...noValues(contract.session), ...times, ...session },
      user: { ...noValues(contract.user), ...times, ...user },
    })
  })

  test('the public route returns the same as the private one', async () => {
    const { client } = await signUp(stack)
    const [own, internal] = await Promise.all([client.get('/api/auth/session'), client.check()])
    expect(own.status).toBe(200)
    expect(await own.json()).toEqual(await internal.json())
  })

  test('a forged credential is refused without asking the database', async () => {
    const { token } = await signUp(stack)
    const raw = token.split('.')[0] ?? ''
    let asked = 0
    stack.pools.sessions.on('acquire', () => asked++)

    for (const forged of [raw, `${raw}.`, sign(raw, 'an old secret'), sign(raw, SECRET).slice(0, -2), 'a.b.c']) {
      const asBearer = await check({ authorization: `Bearer ${forged}` })
      const asCookie = await check({ cookie: `better-auth.session_token=${encodeURIComponent(forged)}` })
      expect([asBearer.status, await codeOf(asBearer)]).toEqual([401, 'INVALID_TOKEN'])
      expect([asCookie.status, await codeOf(asCookie)]).toEqual([401, 'INVALID_TOKEN'])
    }

    expect(asked).toBe(0)
  })

  test('nobody is 401 with its reason: nothing presented, signed out, run out, deleted', async () => {
    const [signedOut, runOut, deleted] = await Promise.all([signUp(stack), signUp(stack), signUp(stack)])
    await signedOut.client.post('/api/auth/sign-out')
    await stack.sql('UPDATE session SET "expiresAt" = now() WHERE "userId" = $1', [runOut.userId])
    await stack.sql('DELETE FROM "user" WHERE id = $1', [deleted.userId])

    expect(await codeOf(await check({}))).toBe('SESSION_REQUIRED')
    for (const { bearer } of [signedOut, runOut, deleted]) {
      const response = await check({ authorization: `Bearer ${bearer}` })
      expect([response.status, await codeOf(response)]).toEqual([401, 'SESSION_EXPIRED'])
    }
  })

  test('a banned user is refused until the ban ends', async () => {
    const { client, userId } = await signUp(stack)

    await ban(userId, null)
    expect(await codeOf(await client.check())).toBe('BANNED_USER')
    await ban(userId, '1 hour')
    expect(await codeOf(await client.check())).toBe('BANNED_USER')
    await ban(userId, '-1 second')
    expect((await client.check()).status).toBe(200)
  })
})

describe('the sliding refresh', () => {
  test('a session younger than a day is not refreshed', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '23 hours')
    const response = await client.check()
    expect(response.headers.getSetCookie()).toEqual([])
    const { session } = await identityOf(response)
    expect(Date.parse(session.refreshAt ?? '') - Date.now()).toBeGreaterThan(0.9 * 3_600_000)
  })

  test('a session older than a day is refreshed to a week, and only once', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '25 hours')

    const first = await client.check()
    const second = await client.check()

    const { session } = await identityOf(first)
    expect(Math.abs(Date.parse(session.expiresAt) - (Date.now() + 7 * DAY))).toBeLessThan(10_000)
    expect(Date.parse(session.refreshAt ?? '')).toBe(Date.parse(session.expiresAt) - 6 * DAY)
    expect(first.headers.getSetCookie()).toHaveLength(1)
    expect(second.headers.getSetCookie()).toEqual([])
    expect((await identityOf(second)).session.expiresAt).toBe(session.expiresAt)
  })

  test('the renewed cookie is what better-auth would have set, to the letter', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '25 hours')
    const ours = (await client.check()).headers.getSetCookie()
    await age(token.split('.')[0] ?? '', '25 hours')
    const theirs = (await client.get('/api/auth/get-session')).headers.getSetCookie()
    expect(theirs).toHaveLength(1)
    expect(ours).toEqual(theirs)
  })

  test('a bearer refreshes its session and gets no cookie', async () => {
    const { bearer, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '3 days')
    const response = await check({ authorization: `Bearer ${bearer}` })
    expect(response.headers.getSetCookie()).toEqual([])
    const { session } = await identityOf(response)
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(Date.now() + 6.9 * DAY)
  })

  test('a session that is not to be remembered is never refreshed, by cookie or bearer', async () => {
    const { email } = await signUp(stack)
    const client = createClient(stack)
    const signIn = await client.post('/api/auth/sign-in/email', {
      body: { email, password: PASSWORD, rememberMe: false },
    })
    const bearer = signIn.headers.get('set-auth-token') ?? ''

    const responses = [await client.check(), await check({ authorization: `Bearer ${bearer}` })]

    for (const response of responses) {
      expect(response.headers.getSetCookie()).toEqual([])
      const { session } = await identityOf(response)
      expect(session.refreshAt).toBeNull()
      expect(Date.parse(session.expiresAt)).toBeLessThan(Date.now() + 1.01 * DAY)
    }
  })

  test('of 30 checks at once one refreshes, and all succeed', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '2 days')

    const responses = await Promise.all(Array.from({ length: 30 }, () => client.check()))

    expect(responses.map(({ status }) => status)).toEqual(Array(30).fill(200))
    expect(responses.filter(({ headers }) => headers.getSetCookie().length > 0)).toHaveLength(1)
  })

  test('a check never brings back a session that is being signed out', async () => {
    for (let round = 0; round < 20; round++) {
      const { client, bearer, token, userId } = await signUp(stack)
      await age(token.split('.')[0] ?? '', '2 days')

      const checks = Array.from({ length: 4 }, () => check({ authorization: `Bearer ${bearer}` }))
      const signOut = await client.post('/api/auth/sign-out')
      await Promise.all(checks)

      expect(signOut.status).toBe(200)
      expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])).toEqual([])
      expect((await check({ authorization: `Bearer ${bearer}` })).status).toBe(401)
    }
  })

  test('a check does not wait for a transaction that holds the row', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '2 days')
    const holder = await stack.pools.auth.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT FROM public.session WHERE token = $1 FOR UPDATE', [token.split('.')[0]])

    const startedAt = performance.now()
    const response = await client.check()

    expect(response.status).toBe(200)
    // Who waits for a row is ended by then.
    expect(performance.now() - startedAt).toBeLessThan(stack.env.DATABASE_STATEMENT_TIMEOUT_MS)
    await holder.query('ROLLBACK')
    holder.release()
  })

  test('where the database cannot write, a check succeeds and the session stays as it was', async () => {
    const { client, token } = await signUp(stack)
    await age(token.split('.')[0] ?? '', '2 days')
    await readOnly(true)
    try {
      const response = await client.check()
      expect(response.status).toBe(200)
      expect(response.headers.getSetCookie()).toEqual([])
    } finally {
      await readOnly(false)
    }
    expect((await client.check()).headers.getSetCookie()).toHaveLength(1)
  })
})

/** Every write of a session ends as at a standby. A default of the database would not do: connections bring their own. */
async function readOnly(isReadOnly: boolean): Promise<void> {
  if (!isReadOnly) return void (await stack.sql('DROP FUNCTION refuse CASCADE'))
  await stack.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction'; END $$`)
  await stack.sql('CREATE TRIGGER refuse BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION refuse()')
}
