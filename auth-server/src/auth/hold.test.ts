import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { revocations } from '../../test/feed.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { type Subscriber, subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'
import { ENDPOINTS } from './endpoints.ts'
import { isHeld } from './hold.ts'
import { mayEndSessions } from './observed-pool.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
/** Has a lease of that length, and acknowledges an end when a test says so. */
let service: Subscriber
const LEASE_MS = 2500

beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, SESSION_LEASE_MS: String(LEASE_MS) })
  await until(() => stack.feed.isOpen())
  await stack.feed.settled() // it has just started: ends are held by time until then
})
beforeEach(async () => {
  service = await subscribe(stack)
  await service.catchUp()
  await service.freshen()
})
afterEach(() => {
  service.say({ type: 'bye' })
  service.socket.close()
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>

/** Has the response come before the service acknowledged the end, and had the service been told of it by then? */
async function heldUntilAcknowledged(act: () => Promise<Response>) {
  const found = { status: 0, wasEarly: false, wasTold: false }
  await service.ping()
  const responding = act().then(({ status }) => {
    found.status = status
  })
  const id = await service.sync()
  await service.ping()
  found.wasTold = revocations(service).length > 0
  found.wasEarly = found.status !== 0
  service.say({ type: 'synced', id })
  await responding
  return found
}
const HELD = { status: 200, wasEarly: false, wasTold: true }

async function administrator(): Promise<SignedUp> {
  const signedUp = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [signedUp.userId])
  await service.catchUp()
  return signedUp
}

const sign = async ({ email }: SignedUp) => {
  const client = createClient(stack)
  await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  return client
}

describe('does not leave before a service that has a lease has acknowledged it', () => {
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
    const act = () => signedUp.client.post(`/api/auth/${path}`, { body: body(signedUp) })
    expect(await heldUntilAcknowledged(act)).toEqual(HELD)
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
    const act = () => admin.client.post(`/api/auth/admin/${path}`, { body: { userId: signedUp.userId, ...body } })
    expect(await heldUntilAcknowledged(act)).toEqual(HELD)
  })

  test('every one of 40 sign-outs at once', async () => {
    const people: SignedUp[] = []
    while (people.length < 40) people.push(await signUp(stack))
    const told = () => new Set(revocations(service).map(({ session }) => session)).size
    const early: number[] = []
    await service.ping()
    let responded = 0
    const all = people.map(async ({ client }) => {
      await client.post('/api/auth/sign-out')
      responded += 1
    })
    const isOver = Promise.all(all).then(() => true)
    for (let nth = 1; responded < 40; nth++) {
      const id = await Promise.race([service.sync(nth), isOver])
      if (typeof id !== 'number') break
      // Those that it has been told of by now are answered after this at the earliest.
      const toldBefore = told()
      if (responded > toldBefore) early.push(responded)
      service.say({ type: 'synced', id })
      await service.ping() // on a slow machine all of it takes longer than one lease
    }
    expect([told(), responded, early]).toEqual([40, 40, []])
  })

  test('a second sign-out, which finds nothing left to delete', async () => {
    const signedUp = await signUp(stack)
    const headers = { cookie: signedUp.client.cookieHeader() }
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [signedUp.userId])
    const again = () => createClient(stack).post('/api/auth/sign-out', { headers })
    expect(await heldUntilAcknowledged(again)).toEqual(HELD)
  })
})

test('it leaves when the lease is over, where the service does not answer', async () => {
  const { client } = await signUp(stack)
  // A service counts from there; from the pong on, which may be late, it is less.
  const pingAt = performance.now()
  await service.ping()
  expect((await client.post('/api/auth/sign-out')).status).toBe(200)
  expect(performance.now() - pingAt).toBeGreaterThanOrEqual(LEASE_MS)
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
  const { client } = await signUp(stack)
  await stack.sql(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`)
  await stack.sql('CREATE TRIGGER cut AFTER DELETE ON session EXECUTE FUNCTION cut()')
  const { status, wasEarly } = await heldUntilAcknowledged(() => client.post('/api/auth/sign-out'))
  await stack.sql('DROP FUNCTION cut CASCADE')
  expect([status, wasEarly]).toEqual([503, false])
})
