import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { ask, startPrimary } from '../../test/clusters.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { startTestServer } from '../../test/harness.ts'
import { startProxy } from '../../test/proxy.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'

const TIMING = { responseMs: 500, probeEveryMs: 200 }

let clusters: Awaited<ReturnType<typeof startPrimary>>
let database: TestDatabase
let primary: { port: number; adminUrl: string }
let standby: { port: number; adminUrl: string }
let name: string
beforeAll(async () => {
  clusters = await startPrimary()
  database = await createTestDatabase(clusters.primary.adminUrl)
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  name = new URL(database.ownerUrl).pathname
  ;({ primary, standby } = await clusters.addStandby())
}, 60_000)
afterAll(() => clusters.stop())

const on = (server: { adminUrl: string }) => {
  const url = new URL(server.adminUrl)
  url.pathname = name
  return url.href
}

/** The server of this database, behind a balancer that leads to the primary. */
async function startBalanced(changes: Record<string, string> = {}) {
  const balancer = await startProxy({ host: '127.0.0.1', port: primary.port })
  const { DATABASE_URL = '' } = database.variables(balancer.port)
  const variables = { ...database.variables(), DATABASE_URL, DATABASE_URL_DIRECT: DATABASE_URL, ...changes }
  const server = await startTestServer(variables, { timing: TIMING })
  await until(() => server.feed.isListening())
  return {
    ...server,
    balancer,
    ready: async () => {
      const response = await fetch(`${server.url}/health/ready`)
      return [response.status, ((await response.json()) as { code?: string }).code]
    },
    stop: async () => {
      await server.stop()
      await balancer.close()
    },
  }
}

const caughtUp = async (sql: string) => until(async () => (await ask(on(standby), sql)).length > 0)

describe('when the address leads to a standby', () => {
  test('nothing is read there: a session is neither refused nor accepted, and the server is not ready', async () => {
    const server = await startBalanced()
    const { bearer, email } = await signUp(server)
    await caughtUp(`SELECT FROM "user" WHERE email = '${email}'`)

    server.balancer.lead({ host: '127.0.0.1', port: standby.port })
    server.balancer.reset()

    for (const authorization of [`Bearer ${bearer}`, `Bearer ${bearer}`]) {
      const check = await checkSession(server.internalUrl, { authorization })
      expect([check.status, check.headers.get('retry-after')]).toEqual([503, '1'])
    }
    const signIn = await createClient(server).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(signIn.status).toBe(503)
    expect(await server.ready()).toEqual([503, 'DATABASE_UNAVAILABLE'])
    await until(() => !server.feed.isListening())

    server.balancer.lead({ host: '127.0.0.1', port: primary.port })
    await until(async () => (await server.ready())[0] === 200)
    expect((await checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(200)
    await server.stop()
  })

  test('established connections to the primary are left as soon as a new one is refused', async () => {
    const server = await startBalanced()
    const held = await server.pools.auth.connect()
    server.balancer.lead({ host: '127.0.0.1', port: standby.port })

    await until(() => !server.feed.isListening())
    held.release()
    await expect(server.pools.auth.query('SELECT')).rejects.toThrow('standby')
    await server.stop()
  })

  test('a write that a standby refuses ends all connections of the pools', async () => {
    const server = await startBalanced({ DATABASE_POOLER: 'transaction' })
    const [one, other] = [await server.pools.auth.connect(), await server.pools.sessions.connect()]
    // As behind a pooler that has found another server meanwhile.
    await expect(one.query('BEGIN READ ONLY; CREATE TABLE x ()')).rejects.toMatchObject({ code: '25006' })
    one.release()
    other.release()

    const [next, another] = [await server.pools.auth.connect(), await server.pools.sessions.connect()]
    expect([next === one, another === other]).toEqual([false, false])
    next.release()
    another.release()
    await server.stop()
  })
})

/** Last, because the standby is none any more. */
test('a former primary that lives on is left by all, within the time of a probe', async () => {
  const server = await startBalanced()
  const { bearer, userId } = await signUp(server)
  await caughtUp(`SELECT FROM session WHERE "userId" = '${userId}'`)
  const held = await server.pools.auth.connect()
  await ask(standby.adminUrl, 'SELECT pg_promote()')
  await ask(on(standby), 'DELETE FROM session WHERE "userId" = $1', [userId])
  const check = () => checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })
  expect((await check()).status).toBe(200)

  server.balancer.lead({ host: '127.0.0.1', port: standby.port })

  await until(async () => (await check()).status === 401)
  held.release()
  for (const pool of [server.pools.auth, server.pools.sessions]) {
    expect((await pool.query('SHOW port')).rows).toEqual([{ port: String(standby.port) }])
  }
  await until(async () => (await server.ready())[0] === 200)
  await server.stop()
})
