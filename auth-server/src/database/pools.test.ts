import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, checkSession, signUp } from '../../test/client.ts'
import { startProxiedStack, startTestServer } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>
let client: Client
let bearer: string
beforeAll(async () => {
  // Short enough to wait for, and longer than a new connection takes on a busy machine.
  stack = await startProxiedStack({ DATABASE_STATEMENT_TIMEOUT_MS: '700', DATABASE_CONNECT_TIMEOUT_MS: '1500' })
  const person = await signUp(stack)
  client = person.client
  bearer = person.bearer
})
afterAll(() => stack.stop())

const publicRoutes = () => client.get('/api/auth/session')
const check = () => client.check()
const checkByBearer = () => checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })

async function expectDontKnow(): Promise<void> {
  for (const act of [check, checkByBearer, publicRoutes]) {
    const startedAt = performance.now()
    const response = await act()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(performance.now() - startedAt).toBeLessThan(4000)
  }
  // What needs no database is still known.
  expect((await checkSession(stack.internalUrl, { authorization: 'Bearer a.b' })).status).toBe(401)
}

async function expectWellWithin(milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const responses = [await check(), await publicRoutes()]
    for (const { status } of responses) expect([200, 503]).toContain(status)
    if (responses.every(({ status }) => status === 200)) return
    if (performance.now() > deadline) throw new Error('still unavailable')
  }
}

describe('while the database', () => {
  test('is stopped, every check is 503 and none 401; once it is back, all is well within 2 seconds', async () => {
    await stack.proxy.refuse()
    await expectDontKnow()
    await stack.proxy.pass()
    await expectWellWithin(2000)
  })

  test('hangs, every check gets a 503 in bounded time; once it goes on, so do we', async () => {
    await check()
    stack.proxy.hold()
    await expectDontKnow()
    await stack.proxy.pass()
    await expectWellWithin(2000)
  })

  test('lets connections die without a goodbye, new ones replace them', async () => {
    await Promise.all([check(), check(), publicRoutes()])
    stack.proxy.abandon()
    // Each of them is given up after a timeout of its own, one after the other.
    await expectWellWithin(15_000)
  })

  test('resets idle connections, nobody notices', async () => {
    await Promise.all([check(), check(), check(), check()])
    stack.proxy.reset()
    expect((await check()).status).toBe(200)
    expect((await check()).status).toBe(200)
  })

  test('ends every connection again and again, checks go on', async () => {
    // With the usual timeouts: eight connections at once take longer on a busy machine.
    const server = await startTestServer(stack.database.variables())
    const statuses: number[] = []
    for (let round = 0; round < 10; round++) {
      const checks = Array.from({ length: 8 }, () =>
        checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` }),
      )
      await stack.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'auth-server'`,
      )
      for (const { status } of await Promise.all(checks)) statuses.push(status)
    }
    await server.stop()
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  test('ends a connection inside a transaction, the process lives and the transaction is refused', async () => {
    const inside = await stack.pools.auth.connect()
    await inside.query('BEGIN')
    await stack.sql(
      `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'auth-server' AND state = 'idle in transaction'`,
    )
    await expect(inside.query('SELECT 1')).rejects.toThrow()
    inside.release()
    expect((await client.get('/api/auth/get-session')).status).toBe(200)
  })
})

test('a connection whose query timed out is not given to anybody else', async () => {
  const stuck = await stack.pools.auth.connect()
  stack.proxy.hold()
  await expect(stuck.query('SELECT 1')).rejects.toThrow('Query read timeout')
  // As Kysely does: without telling the pool that something is wrong.
  stuck.release()
  await stack.proxy.pass()
  const next = await stack.pools.auth.connect()
  expect(next).not.toBe(stuck)
  expect((await next.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  next.release()
})

test('the server ends a statement that takes too long, and the connection stays', async () => {
  await expect(stack.pools.auth.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' })
})

test('when all connections are busy, a check is 503 after the connect timeout, not later', async () => {
  const busy: PoolClient[] = []
  // One after the other: together they would share the time that one of them has.
  while (busy.length < stack.env.SESSION_POOL_MAX) busy.push(await stack.pools.sessions.connect())
  const startedAt = performance.now()
  expect((await check()).status).toBe(503)
  expect(performance.now() - startedAt).toBeLessThan(2 * stack.env.DATABASE_CONNECT_TIMEOUT_MS)
  for (const connection of busy) connection.release()
  expect((await check()).status).toBe(200)
})

test('an idle connection that is lost is logged once, without a secret', async () => {
  await check()
  stack.lines.length = 0
  stack.proxy.reset()
  await expectWellWithin(6000)
  const lost = stack.lines.filter((line) => line.includes('an idle database connection was lost'))
  expect(lost.length).toBeGreaterThan(0)
  expect(lost.join()).not.toContain('p@ss')
})

test('a name that does not resolve, a wrong password and a missing database are "don\'t know" too', async () => {
  const variables = stack.database.variables()
  for (const change of [
    (url: URL) => Object.assign(url, { hostname: 'no-such-host.invalid' }),
    (url: URL) => Object.assign(url, { password: 'wrong' }),
    (url: URL) => Object.assign(url, { pathname: '/no_such_database' }),
  ]) {
    const url = change(new URL(variables.DATABASE_URL ?? ''))
    const server = await startTestServer({ ...variables, DATABASE_URL: url.href, DATABASE_CONNECT_TIMEOUT_MS: '5000' })
    const response = await checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })
    expect([url.pathname, response.status]).toEqual([url.pathname, 503])
    await server.stop()
  }
})

test('behind a transaction pooler nothing is set or prepared on a connection', async () => {
  const server = await startTestServer({
    ...stack.database.variables(),
    DATABASE_POOLER: 'transaction',
    SESSION_POOL_MAX: '1',
  })
  expect((await checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(200)
  expect((await server.pools.sessions.query('SELECT FROM pg_prepared_statements')).rowCount).toBe(0)
  expect((await server.pools.sessions.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }])
  await server.stop()

  // On the connection that was used last, which a feed that opens again may have replaced since.
  await check()
  expect((await stack.pools.sessions.query('SELECT name FROM pg_prepared_statements')).rows).toEqual([
    { name: 'session-by-token' },
  ])
})
