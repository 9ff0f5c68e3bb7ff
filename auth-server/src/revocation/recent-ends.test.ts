import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { ask } from '../../test/clusters.ts'
import { startFailoverStack } from '../../test/failover-stack.ts'
import { subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

let stack: Awaited<ReturnType<typeof startFailoverStack>>
let server: Awaited<ReturnType<typeof stack.startServer>>
beforeEach(async () => {
  stack = await startFailoverStack()
  server = await stack.startServer()
}, 60_000)
afterEach(async () => {
  await server.stop()
  await stack.stop()
})

const statusOf = async (bearer: string) =>
  (await checkSession(server.internalUrl, { authorization: `Bearer ${bearer}` })).status

/** Everything so far is on the standby, and nothing from now on. */
async function cutReplication() {
  await ask(stack.on(stack.primary), 'CREATE TABLE public.mark ()')
  await stack.caughtUp(`SELECT FROM pg_class WHERE relname = 'mark'`)
  await ask(stack.standby.adminUrl, `ALTER SYSTEM SET primary_conninfo = ''`)
  await ask(stack.standby.adminUrl, 'SELECT pg_reload_conf()')
  await until(async () => (await ask(stack.primary.adminUrl, 'SELECT FROM pg_stat_replication')).length === 0)
}

async function failOver() {
  stack.primary.kill()
  await ask(stack.standby.adminUrl, 'SELECT pg_promote()')
  server.leadTo(stack.standby)
}

/** What is not verified yet when the primary fails ends, also if it was only changed. */
async function hearEverything() {
  const service = await subscribe(server)
  await service.ping()
  service.close()
}

test('what was acknowledged and lost in a failover ends again before anything is served, and nothing else does', async () => {
  const [out, changed, banned, deleted, living, renamed] = await Promise.all(
    Array.from({ length: 6 }, () => signUp(server)),
  )
  if (!out || !changed || !banned || !deleted || !living || !renamed) throw new Error('unreachable')
  const thief = createClient(server)
  const signIn = await thief.post('/api/auth/sign-in/email', { body: { email: changed.email, password: PASSWORD } })
  const stolen = signIn.headers.get('set-auth-token') ?? ''
  expect(await statusOf(stolen)).toBe(200)
  await cutReplication()

  await out.client.post('/api/auth/sign-out')
  await changed.client.post('/api/auth/change-password', {
    body: { currentPassword: PASSWORD, newPassword: 'another one 4711', revokeOtherSessions: true },
  })
  // By SQL: no session is deleted.
  await ask(stack.on(stack.primary), `UPDATE "user" SET banned = true WHERE id = $1`, [banned.userId])
  await ask(stack.on(stack.primary), `DELETE FROM "user" WHERE id = $1`, [deleted.userId])
  await ask(stack.on(stack.primary), `UPDATE "user" SET name = 'Other' WHERE id = $1`, [renamed.userId])
  await ask(stack.on(stack.primary), `UPDATE session SET "ipAddress" = '::1' WHERE "userId" = $1`, [renamed.userId])
  const ended = [out.bearer, stolen, banned.bearer, deleted.bearer]
  for (const bearer of ended) await until(async () => (await statusOf(bearer)) === 401)
  await hearEverything()
  await server.ends.verify()
  await failOver()

  const seen = new Set<number>()
  await until(async () => {
    for (const bearer of ended) seen.add(await statusOf(bearer))
    return (await statusOf(living.bearer)) === 200
  })
  for (const bearer of ended) seen.add(await statusOf(bearer))
  expect([...seen].filter((status) => status !== 503)).toEqual([401])
  expect(await statusOf(renamed.bearer)).toBe(200)
  // The fifth is the one with which the password was changed: it got another token.
  const report = server.lines.map((line) => JSON.parse(line)).find(({ msg }) => msg.includes('the failover lost'))
  expect(report).toMatchObject({ bans: [banned.userId], deletions: [deleted.userId], sessions: 5 })
  expect(await server.registry.metrics()).toContain('database_failover_sessions_ended_total 5')
})

test('where that cannot be done, nothing is served', async () => {
  const { client, bearer } = await signUp(server)
  const living = await signUp(server)
  await cutReplication()
  await client.post('/api/auth/sign-out')
  stack.primary.kill()
  await ask(stack.standby.adminUrl, 'SELECT pg_promote()')
  await ask(
    stack.on(stack.standby),
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
     CREATE TRIGGER refuse BEFORE DELETE ON session EXECUTE FUNCTION refuse()`,
  )
  server.leadTo(stack.standby)

  for (let round = 0; round < 5; round++) {
    expect([await statusOf(bearer), await statusOf(living.bearer)]).toEqual([503, 503])
  }
  await ask(stack.on(stack.standby), 'DROP TRIGGER refuse ON session')
  await until(async () => (await statusOf(living.bearer)) === 200)
  expect(await statusOf(bearer)).toBe(401)
})

test('an end that is still held when another primary takes over is not acknowledged', async () => {
  const slow = await stack.startServer({ SESSION_LEASE_MS: '3000' })
  const { client, userId } = await signUp(slow)
  await slow.feed.settled() // it has just started: ends are held by time until then
  await cutReplication()
  const service = await subscribe(slow)
  await service.freshen() // from here on, all that follows must happen while this lease lasts

  const signingOut = client.post('/api/auth/sign-out')
  await service.sync() // never answered: the response waits for the lease
  expect(await ask(stack.on(stack.primary), 'SELECT FROM session WHERE "userId" = $1', [userId])).toEqual([])
  stack.primary.kill()
  await ask(stack.standby.adminUrl, 'SELECT pg_promote()')
  slow.leadTo(stack.standby)

  const response = await signingOut
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
    503,
    '1',
    { code: 'DATABASE_UNAVAILABLE' },
  ])
  await slow.stop()
})

test('an end that is held while only LISTEN breaks is acknowledged', async () => {
  const { client } = await signUp(server)
  const service = await subscribe(server)
  await service.ping()
  const signingOut = client.post('/api/auth/sign-out')
  await ask(
    stack.primary.adminUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-server-feed'`,
  )
  expect((await signingOut).status).toBe(200)
})

test('a standby that follows asynchronously is warned of once and shown, and a synchronous one is not', async () => {
  const warnings = () => server.lines.filter((line) => line.includes('a standby follows asynchronously'))
  const metrics = () => server.registry.metrics()
  expect(await metrics()).toContain('database_replication_asynchronous 1')
  expect(await metrics()).toContain('database_replication_asynchronous 1')
  expect(warnings()).toHaveLength(1)

  await ask(stack.primary.adminUrl, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
  await ask(stack.primary.adminUrl, 'SELECT pg_reload_conf()')
  await until(async () => (await metrics()).includes('database_replication_asynchronous 0'))
})
