import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { addResetToken } from '../../test/reset-token.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({
    DATABASE_STATEMENT_TIMEOUT_MS: '30000',
    RATE_LIMIT_DEFAULT: '100000/10',
    RATE_LIMIT_SIGN_IN: '100000/10',
  })
})
afterAll(() => stack.stop())

const NEW = 'another good password'
const CHANGE = { currentPassword: PASSWORD, newPassword: NEW }
const statusOf = async (client: Client) => (await client.check()).status
const sessionsOf = (userId: string) => stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])

async function twice() {
  const signedUp = await signUp(stack)
  const other = createClient(stack)
  const body = { email: signedUp.email, password: PASSWORD }
  expect((await other.post('/api/auth/sign-in/email', { body })).status).toBe(200)
  return { ...signedUp, other }
}

test.each([
  ['nothing of them', {}],
  ['that they end', { revokeOtherSessions: true }],
])(
  'a change of the password that says %s ends the other sessions, and its caller stays signed in',
  async (_what, more) => {
    const { client, other, bearer, userId } = await twice()
    const response = await client.post('/api/auth/change-password', { body: { ...CHANGE, ...more } })
    const { token } = (await response.json()) as { token: string }
    expect(response.status).toBe(200)
    expect([await statusOf(client), await statusOf(other)]).toEqual([200, 401])
    expect(await sessionsOf(userId)).toHaveLength(1)

    const byToken = (given: string) =>
      fetch(`${stack.url}/api/auth/session`, { headers: { authorization: `Bearer ${given}` } })
    expect([(await byToken(token)).status, (await byToken(bearer)).status]).toEqual([200, 401])
    expect(token).toBe(response.headers.get('set-auth-token'))
  },
)

test('a change of the password by bearer hands out the new one', async () => {
  const { bearer, other } = await twice()
  const headers = { authorization: `Bearer ${bearer}` }
  const response = await createClient(stack).post('/api/auth/change-password', { body: CHANGE, headers })
  const authorization = `Bearer ${response.headers.get('set-auth-token')}`
  expect((await fetch(`${stack.url}/api/auth/session`, { headers: { authorization } })).status).toBe(200)
  expect(await statusOf(other)).toBe(401)
})

test('a change of the password keeps the other sessions where the caller says so', async () => {
  const { client, other } = await twice()
  const response = await client.post('/api/auth/change-password', { body: { ...CHANGE, revokeOtherSessions: false } })
  expect([response.status, await statusOf(client), await statusOf(other)]).toEqual([200, 200, 200])
})

test.each([null, 'false', 0, []])('%j says neither, and changes nothing', async (revokeOtherSessions) => {
  const { client, other } = await twice()
  const response = await client.post('/api/auth/change-password', { body: { ...CHANGE, revokeOtherSessions } })
  expect([response.status, await statusOf(other)]).toEqual([400, 200])
  expect((await client.post('/api/auth/verify-password', { body: { password: PASSWORD } })).status).toBe(200)
})

test('a wrong current password ends nothing', async () => {
  const { client, other } = await twice()
  const body = { ...CHANGE, currentPassword: 'not the password' }
  expect((await client.post('/api/auth/change-password', { body })).status).toBe(400)
  expect([await statusOf(client), await statusOf(other)]).toEqual([200, 200])
})

test("a password that an administrator sets ends the user's sessions, and nobody else's", async () => {
  const [admin, signedUp] = [await signUp(stack), await twice()]
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  const body = { userId: signedUp.userId, newPassword: NEW }
  expect((await signedUp.client.post('/api/auth/admin/set-user-password', { body })).status).toBe(403)
  expect(await statusOf(signedUp.client)).toBe(200)

  expect((await admin.client.post('/api/auth/admin/set-user-password', { body })).status).toBe(200)
  expect([await statusOf(signedUp.client), await statusOf(signedUp.other), await statusOf(admin.client)]).toEqual([
    401, 401, 200,
  ])
})

/**
 * The worst moment: the transaction that changes the password has looked for sessions, and has not committed. A trigger
 * opens that moment for as long as the test needs it.
 */
test.each(['change-password', 'reset-password'])(
  'a session that appears while %s is under way does not survive it',
  async (path) => {
    const { client, userId, email } = await twice()
    await stack.sql(`CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(42); RETURN NEW; END $$`)
    await stack.sql('CREATE TRIGGER late BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION late()')
    const holder = new pg.Client(stack.variables.DATABASE_URL_DIRECT)
    await holder.connect()
    await holder.query('SELECT pg_advisory_lock(42)')

    const token = await addResetToken(stack, userId)
    const body = path === 'change-password' ? CHANGE : { token, newPassword: NEW }
    const changing = client.post(`/api/auth/${path}`, { body })
    await expect
      .poll(() => stack.sql(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted`), {
        timeout: 10_000,
      })
      .toHaveLength(1)
    const late = createClient(stack)
    expect((await late.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })).status).toBe(200)
    await holder.end()
    expect((await changing).status).toBe(200)
    await stack.sql('DROP FUNCTION late CASCADE')

    expect(await statusOf(late)).toBe(401)
  },
)

/** Whoever makes a session waits, with all that it has written, until it is released. */
async function holdSessions() {
  await stack.sql(`CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(43); RETURN NEW; END $$`)
  await stack.sql('CREATE TRIGGER late BEFORE INSERT ON session FOR EACH ROW EXECUTE FUNCTION late()')
  const holder = await connect()
  await holder.query('SELECT pg_advisory_lock(43)')
  const waiting = () =>
    stack.sql(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
  return {
    waitFor: (count: number) => expect.poll(waiting, { timeout: 10_000 }).toHaveLength(count),
    release: () => holder.end(),
    remove: () => stack.sql('DROP FUNCTION late CASCADE'),
  }
}

async function connect() {
  const client = new pg.Client(stack.variables.DATABASE_URL_DIRECT)
  await client.connect()
  return client
}

/** The other worst moment: the sign-in has compared the password, and has not committed its session. */
test('a password that is reset while a sign-in writes its session waits for it, and ends it', async () => {
  const { userId, email } = await signUp(stack)
  const held = await holdSessions()
  const late = createClient(stack)
  const signingIn = late.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  await held.waitFor(1)
  const token = await addResetToken(stack, userId)
  const resetting = createClient(stack).post('/api/auth/reset-password', { body: { token, newPassword: NEW } })
  await held.waitFor(2)
  await held.release()
  expect([(await signingIn).status, (await resetting).status]).toEqual([200, 200])
  await held.remove()

  expect(await statusOf(late)).toBe(401)
})

test('a sign-in whose password is changed before its session is there is refused, and leaves no session', async () => {
  const { userId, email } = await signUp(stack)
  await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
  const changing = await connect()
  await changing.query('BEGIN')
  await changing.query('UPDATE account SET password = $1 WHERE "userId" = $2', ['another', userId])
  const held = await holdSessions()
  const signingIn = createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  await held.waitFor(1)
  await changing.query('COMMIT')
  await changing.end()
  await held.release()
  const response = await signingIn
  await held.remove()

  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({ code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' })
  expect([response.headers.getSetCookie(), response.headers.get('set-auth-token')]).toEqual([[], null])
  expect(await sessionsOf(userId)).toEqual([])
})
