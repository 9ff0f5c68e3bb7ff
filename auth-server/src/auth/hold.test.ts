import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { HOLD_MS } from '../revocation/protocol.ts'
import { ENDPOINTS } from './endpoints.ts'
import { isHeld } from './hold.ts'
import { mayEndSessions } from './observed-pool.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
/** When the database acknowledged each write, by the clock of this process, which is the server's too. */
const writes: { tag: string; at: number }[] = []

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
  stack.pools.auth.on('connect', (client) => {
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('commandComplete', ({ text }: { text: string }) => {
      if (/^((DELETE|UPDATE) [1-9]|COMMIT)/.test(text)) writes.push({ tag: text, at: performance.now() })
    })
  })
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>

/** From the last acknowledged write until the response arrived. */
async function heldFor(act: () => Promise<Response>): Promise<{ status: number; milliseconds: number }> {
  const { status } = await act()
  return { status, milliseconds: performance.now() - (writes.at(-1)?.at ?? 0) }
}

async function administrator(): Promise<SignedUp> {
  const signedUp = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [signedUp.userId])
  return signedUp
}

const sign = async ({ email }: SignedUp) => {
  const client = createClient(stack)
  await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  return client
}

describe(`is not acknowledged before ${HOLD_MS} ms after the commit`, () => {
  test.each<[path: string, body: (signedUp: SignedUp) => Record<string, unknown>]>([
    ['sign-out', () => ({})],
    ['revoke-session', ({ token }) => ({ token: token.split('.')[0] })],
    ['revoke-sessions', () => ({})],
    ['revoke-other-sessions', () => ({})],
    ['change-password', () => ({ currentPassword: PASSWORD, newPassword: `${PASSWORD}!`, revokeOtherSessions: true })],
    ['update-user', () => ({ name: 'Another Name' })],
  ])('%s', async (path, body) => {
    const signedUp = await signUp(stack)
    await sign(signedUp)
    const { status, milliseconds } = await heldFor(() =>
      signedUp.client.post(`/api/auth/${path}`, { body: body(signedUp) }),
    )
    expect(status).toBe(200)
    expect(milliseconds).toBeGreaterThanOrEqual(HOLD_MS)
  })

  test.each<[path: string, body: Record<string, unknown>]>([
    ['ban-user', {}],
    ['set-role', { role: 'admin' }],
    ['revoke-user-sessions', {}],
    ['update-user', { data: { name: 'Another Name' } }],
    ['set-user-password', { newPassword: PASSWORD }],
    ['remove-user', {}],
  ])('admin/%s', async (path, body) => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    const { status, milliseconds } = await heldFor(() =>
      admin.client.post(`/api/auth/admin/${path}`, { body: { userId: signedUp.userId, ...body } }),
    )
    expect(status).toBe(200)
    expect(milliseconds).toBeGreaterThanOrEqual(HOLD_MS)
  })

  test('every one of 40 sign-outs at once', async () => {
    const people: SignedUp[] = []
    while (people.length < 40) people.push(await signUp(stack))
    writes.length = 0

    const responded = await Promise.all(
      people.map(async ({ client }) => {
        await client.post('/api/auth/sign-out')
        return performance.now()
      }),
    )

    // Each response is as late after its own commit, so the n-th of them is after the n-th commit.
    const committed = writes.filter(({ tag }) => tag.startsWith('DELETE')).map(({ at }) => at)
    expect(committed).toHaveLength(40)
    const holds = responded.sort((one, other) => one - other).map((at, nth) => at - (committed[nth] ?? 0))
    expect(Math.min(...holds)).toBeGreaterThanOrEqual(HOLD_MS)
  })

  test('a second sign-out, which finds nothing left to delete', async () => {
    const signedUp = await signUp(stack)
    const headers = { cookie: signedUp.client.cookieHeader() }
    const again = () => createClient(stack).post('/api/auth/sign-out', { headers })
    await Promise.all([again(), again()])
    const startedAt = performance.now()
    expect((await again()).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(HOLD_MS)
  })
})

test.each([
  ['POST', 'sign-out', 200, false, true],
  ['POST', 'without-a-row', 200, false, true],
  ['POST', 'callback/:id', 302, false, true],
  ['GET', 'delete-user/callback', 302, true, true],
  ['POST', 'sign-in/email', 200, true, true],
  ['POST', 'change-password', 503, true, true],
  ['POST', 'sign-in/email', 200, false, false],
  ['POST', 'sign-up/email', 200, false, false],
  ['GET', 'list-sessions', 200, false, false],
  ['POST', 'revoke-sessions', 401, false, true],
  ['POST', 'admin/remove-user', 404, false, true],
  ['POST', 'revoke-sessions', 400, false, false],
  ['POST', 'sign-in/email', 401, false, false],
  ['POST', 'sign-out', 503, false, false],
])(
  'a response to %s %s with status %i, having written to sessions: %s; is held: %s',
  (method, path, status, mayEndSessions, held) => {
    expect(isHeld({ method, endpoint: ENDPOINTS[`/${path}`], status, mayEndSessions })).toBe(held)
  },
)

test.each([
  ['delete from "public"."session" where "id" = $1', true],
  ['delete from "session" where "id" = $1', true],
  ['update "Odd ""one"."user" set "name" = $1', true],
  ['update "public"."organization" set "name" = $1', true],
  ['with x as (delete from "session") select 1', true],
  ['update "public"."rateLimit" set "count" = $1', false],
  ['delete from "session"."verification" where "id" = $1', false],
  ['update "account" set "password" = $1', false],
  ['insert into "session" ("id") values ($1)', false],
  ['select * from "session" where "token" = \'delete from\'', false],
  ['begin', false],
])('%s may end sessions: %s', (sql, may) => {
  expect(mayEndSessions(sql)).toBe(may)
})

test('a deleted session is held for, although the request failed: its connection died after it was sent', async () => {
  const { client, userId } = await signUp(stack)
  const startedAt = performance.now()
  await stack.sql(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`)
  await stack.sql('CREATE TRIGGER cut AFTER DELETE ON session EXECUTE FUNCTION cut()')
  const response = await client.post('/api/auth/sign-out')
  await stack.sql('DROP FUNCTION cut CASCADE')
  expect(response.status).toBe(503)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(HOLD_MS)
  expect(userId).toBeDefined()
})
