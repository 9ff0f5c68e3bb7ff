import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { SECRET } from '../../test/database.ts'
import { startTestStack } from '../../test/harness.ts'
import { sign } from '../sessions/credential.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>
type Listed = { token: string; userId: string }

/** Every form in which somebody may have got the token of a session. */
const FORMS: Record<string, (second: { signed: string; id: string; client: Client }) => string> = {
  'as sign-in returned it': ({ signed }) => signed,
  'as it stands in the cookie': ({ client }) => client.jar.get('better-auth.session_token') ?? '',
  'percent-encoded': ({ signed }) => encodeURIComponent(signed),
  'as the database has it': ({ signed }) => signed.split('.')[0] ?? '',
  'as a list of sessions has it, by its id': ({ id }) => id,
}

async function secondSession({ email }: SignedUp) {
  const client = createClient(stack)
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  const { token: signed } = (await response.json()) as { token: string }
  const { session } = (await (await client.get('/api/auth/session')).json()) as { session: { id: string } }
  const check = async () => (await client.check()).status
  return { client, signed, id: session.id, check }
}

async function administrator() {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  return admin
}

const rowsOf = (signed: string) => stack.sql('SELECT FROM session WHERE token = $1', [signed.split('.')[0]])

test.each(Object.entries(FORMS))('a token %s revokes its session', async (_what, form) => {
  const signedUp = await signUp(stack)
  const second = await secondSession(signedUp)
  const response = await signedUp.client.post('/api/auth/revoke-session', { body: { token: form(second) } })
  expect([response.status, await response.json()]).toEqual([200, { status: true }])
  expect([await second.check(), await rowsOf(second.signed)]).toEqual([401, []])
  expect((await signedUp.client.check()).status).toBe(200)
})

test.each(Object.entries(FORMS))('an administrator revokes a session by its token %s', async (_what, form) => {
  const [admin, second] = [await administrator(), await secondSession(await signUp(stack))]
  const body = { sessionToken: form(second) }
  const response = await admin.client.post('/api/auth/admin/revoke-user-session', { body })
  expect([response.status, await response.json()]).toEqual([200, { success: true }])
  expect([await second.check(), await rowsOf(second.signed)]).toEqual([401, []])
})

test('every token that a list names can be revoked', async () => {
  const [admin, signedUp] = [await administrator(), await signUp(stack)]
  const others = [await secondSession(signedUp), await secondSession(signedUp)]
  const own = (await (await signedUp.client.get('/api/auth/list-sessions')).json()) as Listed[]
  const mine = signedUp.bearer.split('.')[0]
  const [first, ...rest] = own.filter(({ token }) => token !== mine)
  await signedUp.client.post('/api/auth/revoke-session', { body: { token: first?.token } })
  const listed = await admin.client.post('/api/auth/admin/list-user-sessions', { body: { userId: signedUp.userId } })
  const { sessions } = (await listed.json()) as { sessions: Listed[] }
  expect(sessions).toHaveLength(2)
  for (const { token } of rest) {
    const response = await admin.client.post('/api/auth/admin/revoke-user-session', { body: { sessionToken: token } })
    expect(response.status).toBe(200)
  }
  expect(await Promise.all(others.map(({ check }) => check()))).toEqual([401, 401])
})

test('a list names the sessions of others by their ids, and that of the caller by its token', async () => {
  const [admin, signedUp] = [await administrator(), await signUp(stack)]
  const second = await secondSession(signedUp)
  const own = (await (await signedUp.client.get('/api/auth/list-sessions')).json()) as (Listed & { id: string })[]
  const listed = await admin.client.post('/api/auth/admin/list-user-sessions', { body: { userId: signedUp.userId } })
  const { sessions } = (await listed.json()) as { sessions: (Listed & { id: string })[] }

  const mine = signedUp.bearer.split('.')[0]
  expect(own.map(({ token }) => token).toSorted()).toEqual([mine, second.id].toSorted())
  expect(sessions.map(({ token, id }) => token === id)).toEqual([true, true])
})

test("a token that is unknown, forged, used up or another user's is 404, and ends nothing", async () => {
  const [signedUp, other, admin] = [await signUp(stack), await signUp(stack), await administrator()]
  const gone = await secondSession(signedUp)
  await gone.client.post('/api/auth/sign-out')
  const unknown = [
    'unknown',
    '',
    `${other.bearer.slice(0, -5)}AAAA=`,
    sign(other.bearer.split('.')[0] ?? '', 'another secret'),
    sign('unknown', SECRET),
    gone.signed,
    `Bearer ${other.bearer}`,
  ]
  const [otherSession] = await stack.sql<{ id: string }>('SELECT id FROM session WHERE "userId" = $1', [other.userId])
  for (const token of [...unknown, other.bearer, other.bearer.split('.')[0], otherSession?.id]) {
    const response = await signedUp.client.post('/api/auth/revoke-session', { body: { token } })
    expect([token, response.status, await response.json()]).toEqual([token, 404, notFound])
  }
  for (const sessionToken of unknown) {
    const response = await admin.client.post('/api/auth/admin/revoke-user-session', { body: { sessionToken } })
    expect([sessionToken, response.status, await response.json()]).toEqual([sessionToken, 404, notFound])
  }
  expect((await other.client.check()).status).toBe(200)
})

test.each(['revoke-user-sessions', 'list-user-sessions'])('%s of a user who does not exist is 404', async (name) => {
  const [admin, signedUp] = [await administrator(), await signUp(stack)]
  const of = (userId: string) => admin.client.post(`/api/auth/admin/${name}`, { body: { userId } })
  for (const userId of ['unknown', '', signedUp.userId.slice(1), signedUp.email]) {
    const response = await of(userId)
    expect([userId, response.status, await response.json()]).toEqual([
      userId,
      404,
      { code: 'USER_NOT_FOUND', message: expect.any(String) },
    ])
  }
  expect((await signedUp.client.check()).status).toBe(200)
  expect([(await of(signedUp.userId)).status, (await of(signedUp.userId)).status]).toEqual([200, 200])
})

test('a user who is no administrator revokes nobody by the administrators’ route', async () => {
  const [signedUp, other] = [await signUp(stack), await signUp(stack)]
  const body = { sessionToken: other.bearer }
  expect((await signedUp.client.post('/api/auth/admin/revoke-user-session', { body })).status).toBe(403)
  expect((await other.client.check()).status).toBe(200)
})

test('revoking the own session takes its cookie back', async () => {
  const signedUp = await signUp(stack)
  const response = await signedUp.client.post('/api/auth/revoke-session', { body: { token: signedUp.token } })
  expect([response.status, signedUp.client.jar.has('better-auth.session_token')]).toEqual([200, false])
})

const notFound = { code: 'SESSION_NOT_FOUND', message: expect.any(String) }
