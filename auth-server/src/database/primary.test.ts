import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { ask } from '../../test/clusters.ts'
import { startFailoverStack } from '../../test/failover-stack.ts'
import { until } from '../../test/until.ts'
import { createIdentify } from '../sessions/identify.ts'

let stack: Awaited<ReturnType<typeof startFailoverStack>>
beforeAll(async () => {
  stack = await startFailoverStack()
}, 60_000)
afterAll(() => stack.stop())

describe('when the address leads to a standby', () => {
  test('nothing is read there: a session is neither refused nor accepted, and the server is not ready', async () => {
    const server = await stack.startServer()
    const { bearer, email } = await signUp(server)
    await stack.caughtUp(`SELECT FROM "user" WHERE email = '${email}'`)

    server.leadTo(stack.standby)
    server.balancer.reset()

    for (const authorization of [`Bearer ${bearer}`, `Bearer ${bearer}`]) {
      const check = await checkSession(server.internalUrl, { authorization })
      expect([check.status, check.headers.get('retry-after')]).toEqual([503, '1'])
    }
    const signIn = await createClient(server).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(signIn.status).toBe(503)
    expect(await server.ready()).toEqual([503, 'DATABASE_UNAVAILABLE'])
    await until(() => !server.feed.isListening())

    server.leadTo(stack.primary)
    await until(async () => (await server.ready())[0] === 200)
    expect((await checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(200)
    await server.stop()
  })

  test('established connections to the primary are left as soon as a new one is refused', async () => {
    const server = await stack.startServer()
    const held = await server.pools.auth.connect()
    server.leadTo(stack.standby)

    await until(() => !server.feed.isListening())
    held.release()
    await expect(server.pools.auth.query('SELECT')).rejects.toThrow('standby')
    await server.stop()
  })

  test('a write that a standby refuses ends all connections of the pools', async () => {
    const server = await stack.startServer({ DATABASE_POOLER: 'transaction' })
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

test('a check whose statement a pooler has led to a standby is neither a yes nor a no', async () => {
  const server = await stack.startServer({ DATABASE_POOLER: 'transaction' })
  const known = await signUp(server)
  await stack.caughtUp(`SELECT FROM "user" WHERE email = '${known.email}'`)
  await ask(stack.standby.adminUrl, 'SELECT pg_wal_replay_pause()')
  const unknown = await signUp(server)
  // As behind a pooler: a connection that was made to the primary, and whose statement reaches another server.
  const pool = new pg.Pool({ connectionString: stack.on(stack.standby) })
  const identify = createIdentify({ ...server, pool, lastUses: { note: () => undefined } })

  for (const { bearer } of [known, unknown]) {
    const authorization = `Bearer ${bearer}`
    await expect(identify({ authorization, cookie: undefined })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect((await checkSession(server.internalUrl, { authorization })).status).toBe(200)
  }

  await ask(stack.standby.adminUrl, 'SELECT pg_wal_replay_resume()')
  await pool.end()
  await server.stop()
})

/** Last, because the standby is none any more. */
test('a former primary that lives on is left by all, within the time of a probe', async () => {
  const server = await stack.startServer()
  const { bearer, userId } = await signUp(server)
  await stack.caughtUp(`SELECT FROM session WHERE "userId" = '${userId}'`)
  const held = await server.pools.auth.connect()
  await ask(stack.standby.adminUrl, 'SELECT pg_promote()')
  await ask(stack.on(stack.standby), 'DELETE FROM session WHERE "userId" = $1', [userId])
  const check = () => checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })
  expect((await check()).status).toBe(200)

  server.leadTo(stack.standby)

  await until(async () => (await check()).status === 401)
  held.release()
  for (const pool of [server.pools.auth, server.pools.sessions]) {
    expect((await pool.query('SHOW port')).rows).toEqual([{ port: String(stack.standby.port) }])
  }
  await until(async () => (await server.ready())[0] === 200)
  await server.stop()
})
