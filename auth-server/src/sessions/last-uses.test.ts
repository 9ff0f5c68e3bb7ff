import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { startProxiedStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { LastUses } from './last-uses.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>
beforeAll(async () => {
  stack = await startProxiedStack()
})
afterAll(() => stack.stop())
beforeEach(() => stack.lastUses.forget())

async function signedUp() {
  const { client, userId } = await signUp(stack)
  await stack.lastUses.write()
  stack.lastUses.forget()
  return { client, userId }
}

async function lastUse(userId: string): Promise<Date | null | undefined> {
  const [row] = await stack.sql<{ at: Date | null }>(`SELECT "lastUsedAt" AS at FROM session WHERE "userId" = $1`, [
    userId,
  ])
  return row?.at
}

const setLastUse = (userId: string, ago: string) =>
  stack.sql(`UPDATE session SET "lastUsedAt" = now() - $2::interval WHERE "userId" = $1`, [userId, ago])

const uses = {
  'a check by a service': (client: Awaited<ReturnType<typeof signUp>>['client']) => client.check(),
  'a check by a page': (client: Awaited<ReturnType<typeof signUp>>['client']) => client.get('/api/auth/session'),
  "better-auth's own check": (client: Awaited<ReturnType<typeof signUp>>['client']) =>
    client.get('/api/auth/get-session'),
}

test.each(Object.entries(uses))('%s is a use of the session', async (_what, use) => {
  const { client, userId } = await signedUp()
  expect(await lastUse(userId)).toBeNull()

  expect((await use(client)).status).toBe(200)
  await stack.lastUses.write()

  expect(Date.now() - Number(await lastUse(userId))).toBeLessThan(60_000)
})

test('a check writes nothing, and many of them are one write', async () => {
  const { client, userId } = await signedUp()
  for (let checks = 0; checks < 20; checks += 1) await client.check()
  expect(await lastUse(userId)).toBeNull()

  await stack.lastUses.write()
  const written = await lastUse(userId)
  for (let checks = 0; checks < 20; checks += 1) await client.check()
  await setLastUse(userId, '1 day')
  await stack.lastUses.write()

  expect(written).toBeInstanceOf(Date)
  // Noted in this period already.
  expect(Date.now() - Number(await lastUse(userId))).toBeGreaterThan(60_000)
})

test('in the next period it is written again', async () => {
  const { client, userId } = await signedUp()
  await client.check()
  await stack.lastUses.write()
  await setLastUse(userId, '10 minutes')

  stack.lastUses.forget()
  await client.check()
  await stack.lastUses.write()

  expect(Date.now() - Number(await lastUse(userId))).toBeLessThan(60_000)
})

test('what another server has just written is left as it is, and so is a row that somebody holds', async () => {
  const [recent, held] = [await signedUp(), await signedUp()]
  await setLastUse(recent.userId, '1 minute')
  await setLastUse(held.userId, '10 minutes')
  const before = [await lastUse(recent.userId), await lastUse(held.userId)]
  const holder = await stack.pools.sessions.connect()
  await holder.query('BEGIN')
  await holder.query(`SELECT FROM public.session WHERE "userId" = $1 FOR UPDATE`, [held.userId])

  await recent.client.check()
  await held.client.check()
  await stack.lastUses.write()
  await holder.query('ROLLBACK')
  holder.release()

  expect([await lastUse(recent.userId), await lastUse(held.userId)]).toEqual(before)
})

test('it is no change of the session: no service hears of it, and a check returns the same', async () => {
  const { client, userId } = await signedUp()
  const heard: unknown[] = []
  const listener = await stack.pools.sessions.connect()
  await listener.query('LISTEN auth_sidecar_revocations')
  listener.on('notification', ({ payload = '' }) => {
    if (payload.includes(userId)) heard.push(payload)
  })
  const before = await (await client.check()).json()

  await stack.lastUses.write()
  await listener.query('SELECT 1')

  expect(await lastUse(userId)).toBeInstanceOf(Date)
  expect(await (await client.check()).json()).toEqual(before)
  expect(heard).toEqual([])
  listener.release(true)
})

test('it writes by itself, outlives an outage, and writes the rest when it is stopped', async () => {
  const { client, userId } = await signedUp()
  const stop = stack.lastUses.start({ everyMs: 5, periodMs: 10 })
  await client.check()
  await until(async () => (await lastUse(userId)) !== null)
  await stop()

  const other = new LastUses({ env: stack.env, pool: stack.pools.auth, log: stack.log })
  other.note('nobody')
  await stack.proxy.refuse()
  const stopOther = other.start({ everyMs: 5, periodMs: 1000 })
  await until(() => stack.lines.some((line) => line.includes('last uses of sessions could not be written')))
  await stack.proxy.pass()
  await setLastUse(userId, '10 minutes')
  const [session] = await stack.sql<{ id: string }>(`SELECT id FROM session WHERE "userId" = $1`, [userId])
  other.note(session?.id ?? '')
  await stopOther()
  expect(Date.now() - Number(await lastUse(userId))).toBeLessThan(60_000)
})

test('it remembers a bounded number of sessions', async () => {
  const bounded = new LastUses({ env: stack.env, pool: stack.pools.auth, log: stack.log })
  for (let number = 0; number < 120_000; number += 1) bounded.note(`session ${number}`)
  bounded.note('session 119999')
  await expect(bounded.write()).resolves.toBeUndefined()
})
