import { afterEach, beforeEach, expect, test } from 'vitest'
import { startProxiedStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { cleanUp, startCleanup } from './cleanup.ts'

const SCHEDULE = { everyMs: 1, pauseMs: 1, batch: 100 }
const running = new AbortController().signal

let stack: Awaited<ReturnType<typeof startProxiedStack>>
beforeEach(async () => {
  stack = await startProxiedStack()
  await stack.sql(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     VALUES ('u', 'x', 'x@example.com', false, now(), now())`,
  )
})
afterEach(() => stack.stop())

test('deletes what has expired and leaves the rest, in batches of a bounded size', async () => {
  await addSessions(250, '-61 minutes')
  await addSessions(7, '-59 minutes')
  await addVerifications(120, '-1 second')
  await addVerifications(3, '1 minute')
  await addRateLimits(110, '-25 hours')
  await addRateLimits(5, '-1 hour')
  const sizes: number[] = []
  watchDeletes(sizes)

  await cleanUp(stack, SCHEDULE, running)

  expect(await counts()).toEqual({ session: 7, verification: 3, rateLimit: 5 })
  expect(Math.max(...sizes)).toBe(100)
  expect(sizes).toEqual([100, 100, 50, 100, 20, 100, 10])
})

test('what is recorded is kept for AUDIT_DAYS', async () => {
  await stack.sql(
    `INSERT INTO audit_event (type, "createdAt") SELECT 'signed-in', now() - make_interval(days => i) FROM generate_series(1, 300) i`,
  )
  const left = async () => (await stack.sql('SELECT FROM audit_event')).length

  await cleanUp(stack, SCHEDULE, running)
  expect(await left()).toBe(179)
  await cleanUp({ ...stack, env: { ...stack.env, AUDIT_DAYS: 30 } }, SCHEDULE, running)
  expect(await left()).toBe(29)
})

test('two servers at once share the work and neither fails nor waits', async () => {
  await addSessions(1000, '-61 minutes')
  const sizes: number[] = []
  watchDeletes(sizes)
  await Promise.all([cleanUp(stack, SCHEDULE, running), cleanUp(stack, SCHEDULE, running)])
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000)
  expect((await counts()).session).toBeLessThanOrEqual(100)
})

test('passes over a row that a transaction holds', async () => {
  await addSessions(3, '-61 minutes')
  const holder = await stack.pools.sessions.connect()
  await holder.query('BEGIN')
  await holder.query(`SELECT FROM public.session LIMIT 1 FOR UPDATE`)
  await cleanUp(stack, SCHEDULE, running)
  await holder.query('ROLLBACK')
  holder.release()
  expect((await counts()).session).toBe(1)
})

test('runs automatically, outlives an outage, and stops on request', async () => {
  const stop = startCleanup(stack, SCHEDULE)
  await stack.proxy.refuse()
  await until(() => stack.lines.some((line) => line.includes('cleaning up failed')))
  await addSessions(10, '-61 minutes')
  await stack.proxy.pass()
  await until(async () => (await counts()).session === 0)

  await stop()
  await addSessions(10, '-61 minutes')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await counts()).session).toBe(10)
})

test('stopping in the middle waits for the batch under way and starts no other', async () => {
  await addSessions(1000, '-61 minutes')
  await addVerifications(10, '-1 second')
  const stopping = new AbortController()
  stack.pools.auth.on('release', () => stopping.abort())
  await cleanUp(stack, SCHEDULE, stopping.signal)
  expect(await counts()).toMatchObject({ session: 900, verification: 10 })
})

function addSessions(count: number, expires: string) {
  return stack.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), gen_random_uuid(), 'u', now() + $2::interval, now(), now() FROM generate_series(1, $1)`,
    [count, expires],
  )
}

function addVerifications(count: number, expires: string) {
  return stack.sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), i, 'v', now() + $2::interval, now(), now() FROM generate_series(1, $1) i`,
    [count, expires],
  )
}

function addRateLimits(count: number, last: string) {
  return stack.sql(
    `INSERT INTO "rateLimit" (id, key, count, "lastRequest")
     SELECT gen_random_uuid(), gen_random_uuid(), 1, extract(epoch FROM now() + $2::interval) * 1000 FROM generate_series(1, $1)`,
    [count, last],
  )
}

async function counts(): Promise<Record<string, number>> {
  const [row] = await stack.sql<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM session) AS session, (SELECT count(*)::int FROM verification) AS verification,
            (SELECT count(*)::int FROM "rateLimit") AS "rateLimit"`,
  )
  return row ?? {}
}

/** Sees what each DELETE really deleted, at the connection. */
function watchDeletes(sizes: number[]): void {
  stack.pools.auth.on('connect', (client) => {
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('commandComplete', ({ text }: { text: string }) => {
      const [, size] = /^DELETE (\d+)$/.exec(text) ?? []
      if (size !== undefined && size !== '0') sizes.push(Number(size))
    })
  })
}
