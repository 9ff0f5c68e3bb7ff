import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, sessionIdOf, signInElsewhere, signUp } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

const revoke = ({ client }: { client: Client }, id: string) =>
  client.call('DELETE', `/api/auth/devices/${encodeURIComponent(id)}`)

test('of 50 devices that sign out all others at once, one does, and it stays', async () => {
  const signedUp = await signUp(stack)
  const clients = [signedUp.client]
  while (clients.length < 50) clients.push(await signInElsewhere(stack, signedUp.email))

  const responses = await Promise.all(clients.map((client) => client.post('/api/auth/devices/revoke-others')))

  const statuses = responses.map(({ status }) => status).toSorted()
  expect(statuses).toEqual([200, ...Array(49).fill(401)])
  const checks = await Promise.all(clients.map(async (client) => (await client.check()).status))
  expect(checks.toSorted()).toEqual([200, ...Array(49).fill(401)])
})

test('of 50 requests to sign out one device, one does, and it is recorded once', async () => {
  const signedUp = await signUp(stack)
  const id = await sessionIdOf(await signInElsewhere(stack, signedUp.email))

  const responses = await Promise.all(Array.from({ length: 50 }, () => revoke(signedUp, id)))

  const statuses = responses.map(({ status }) => status).toSorted()
  expect(statuses).toEqual([200, ...Array(49).fill(404)])
  expect(
    await stack.sql(`SELECT type FROM audit_event WHERE "sessionId" = $1 AND type = 'session-revoked'`, [id]),
  ).toHaveLength(1)
})

test('a session that ends meanwhile ends no other one', async () => {
  const signedUp = await signUp(stack)
  const thief = await signInElsewhere(stack, signedUp.email)
  const thiefId = await sessionIdOf(thief)
  const holder = await stack.pools.sessions.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM public."user" WHERE id = $1 FOR UPDATE', [signedUp.userId])
  const late = thief.post('/api/auth/devices/revoke-others')
  // It has found the thief's session, and waits for the user.
  await waiting()
  await holder.query('DELETE FROM public.session WHERE id = $1', [thiefId])
  await holder.query('COMMIT')
  holder.release()

  expect([(await late).status, (await signedUp.client.check()).status]).toEqual([401, 200])
})

/** Until a statement waits for a lock. */
async function waiting(): Promise<void> {
  await expect
    .poll(
      () => stack.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`),
      {
        timeout: 10_000,
      },
    )
    .toHaveLength(1)
}
