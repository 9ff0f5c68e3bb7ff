import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, sessionIdOf, signInElsewhere, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'

type Listed = { id: string; isCurrent: boolean; isImpersonation: boolean } & Record<string, unknown>

async function list({ client }: { client: Client }) {
  const response = await client.get('/api/auth/devices')
  expect(response.status).toBe(200)
  return (await response.json()) as { devices: Listed[]; total: number }
}

const revoke = ({ client }: { client: Client }, id: string) =>
  client.call('DELETE', `/api/auth/devices/${encodeURIComponent(id)}`)

const error = (code: string) => ({ code, message: expect.any(String) })

test('a user sees every session of theirs, the current one first, and what it is used with', async () => {
  const signedUp = await signUp(stack)
  const elsewhere = await signInElsewhere(stack, signedUp.email, FIREFOX)

  const { devices, total } = await list(signedUp)

  expect(total).toBe(2)
  expect(devices[0]).toMatchObject({ id: await sessionIdOf(signedUp.client), isCurrent: true, isImpersonation: false })
  expect(devices[1]).toMatchObject({
    ...{ id: await sessionIdOf(elsewhere), isCurrent: false, kind: 'computer', browser: 'Firefox', system: 'Linux' },
    ipAddress: '127.0.0.1',
  })
  expect(Object.keys(devices[1] ?? {}).toSorted()).toEqual(
    [
      ...['browser', 'createdAt', 'expiresAt', 'id', 'ipAddress', 'isCurrent', 'isImpersonation', 'kind', 'lastUsedAt'],
      'system',
    ].toSorted(),
  )
})

test('the others are in the order of their last use, and those that have expired are none', async () => {
  const signedUp = await signUp(stack)
  const [first, second, third] = [
    await sessionIdOf(await signInElsewhere(stack, signedUp.email, FIREFOX)),
    await sessionIdOf(await signInElsewhere(stack, signedUp.email, FIREFOX)),
    await sessionIdOf(await signInElsewhere(stack, signedUp.email, FIREFOX)),
  ]
  await stack.sql(`UPDATE session SET "lastUsedAt" = now() + interval '1 minute' WHERE id = $1`, [first])
  await stack.sql(`UPDATE session SET "expiresAt" = now() - interval '1 second' WHERE id = $1`, [third])

  const { devices, total } = await list(signedUp)

  expect(devices.slice(1).map(({ id }) => id)).toEqual([first, second])
  expect(total).toBe(3)
})

test('of very many sessions the list has the most recently used, and says how many there are', async () => {
  const signedUp = await signUp(stack)
  await addSessions(signedUp.userId, 250)

  const { devices, total } = await list(signedUp)

  expect([devices.length, total, devices[0]?.isCurrent]).toEqual([100, 251, true])
})

test('no token of any session is in any response', async () => {
  const signedUp = await signUp(stack)
  await signInElsewhere(stack, signedUp.email, FIREFOX)
  const tokens = await stack.sql<{ token: string }>(`SELECT token FROM session WHERE "userId" = $1`, [signedUp.userId])

  const texts = [
    await (await signedUp.client.get('/api/auth/devices')).text(),
    await (await signedUp.client.get('/api/auth/activity')).text(),
    await (await signedUp.client.post('/api/auth/devices/revoke-others')).text(),
  ]

  expect(tokens).toHaveLength(2)
  for (const { token } of tokens) for (const text of texts) expect(text).not.toContain(token)
})

test('one device is signed out by its id, and the others stay', async () => {
  const signedUp = await signUp(stack)
  const [gone, stays] = [
    await signInElsewhere(stack, signedUp.email, FIREFOX),
    await signInElsewhere(stack, signedUp.email, FIREFOX),
  ]

  const response = await revoke(signedUp, await sessionIdOf(gone))

  expect([response.status, await response.json()]).toEqual([200, { revoked: 1 }])
  expect([(await gone.check()).status, (await stays.check()).status]).toEqual([401, 200])
  expect((await signedUp.client.check()).status).toBe(200)
})

test('signing out this device takes its cookie back', async () => {
  const signedUp = await signUp(stack)

  expect((await revoke(signedUp, await sessionIdOf(signedUp.client))).status).toBe(200)

  expect([...signedUp.client.jar.keys()]).toEqual([])
})

test('the id of a session of somebody else, of one that has ended and of none are 404, and nothing happens', async () => {
  const [signedUp, victim] = [await signUp(stack), await signUp(stack)]
  const gone = await signInElsewhere(stack, signedUp.email, FIREFOX)
  const goneId = await sessionIdOf(gone)
  await gone.post('/api/auth/sign-out')
  const before = await stack.sql('SELECT count(*)::int AS n FROM audit_event')

  const names = [
    ...[
      await sessionIdOf(victim.client),
      goneId,
      victim.userId,
      victim.bearer.split('.')[0] ?? '',
      crypto.randomUUID(),
      'a',
      '%',
      'x'.repeat(5000),
    ],
    "' OR 1=1 --",
  ]
  for (const name of names) {
    const response = await revoke(signedUp, name)
    expect([name, response.status, await response.json()]).toEqual([name, 404, error('SESSION_NOT_FOUND')])
  }

  expect((await victim.client.check()).status).toBe(200)
  expect(await stack.sql('SELECT count(*)::int AS n FROM audit_event')).toEqual(before)
})

test('all others are signed out, however many there are, and nobody else', async () => {
  const [signedUp, bystander] = [await signUp(stack), await signUp(stack)]
  const elsewhere = await signInElsewhere(stack, signedUp.email, FIREFOX)
  await addSessions(signedUp.userId, 250)

  const response = await signedUp.client.post('/api/auth/devices/revoke-others')

  expect([response.status, await response.json()]).toEqual([200, { revoked: 251 }])
  expect([(await elsewhere.check()).status, (await bystander.client.check()).status]).toEqual([401, 200])
  expect((await list(signedUp)).total).toBe(1)
  expect(await (await signedUp.client.post('/api/auth/devices/revoke-others')).json()).toEqual({ revoked: 0 })
})

test('an administrator who is signed in as a user is one of the user’s devices, and can be signed out', async () => {
  const [admin, signedUp] = [await signUp(stack), await signUp(stack)]
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  await admin.client.post('/api/auth/admin/impersonate-user', { body: { userId: signedUp.userId } })

  const { devices } = await list(signedUp)
  const impersonation = devices.find(({ isImpersonation }) => isImpersonation)
  expect((await revoke(signedUp, impersonation?.id ?? '')).status).toBe(200)

  expect((await admin.client.check()).status).toBe(401)
})

function addSessions(userId: string, count: number) {
  return stack.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), gen_random_uuid(), $1, now() + interval '1 day', now() - interval '1 hour', now() - interval '1 hour'
       FROM generate_series(1, $2)`,
    [userId, count],
  )
}
