import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FeedStack, revocations, startFeedStack, withToken } from '../../test/feed.ts'
import { startTestServer, startTestStack } from '../../test/harness.ts'
import { subscribe, tryToSubscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

let stack: FeedStack
beforeEach(async () => {
  stack = await startFeedStack()
})
afterEach(() => stack.stop())

describe('when revocations can no longer be heard', () => {
  const losses = [
    { loss: 'the backend of the connection is killed', cause: () => stack.killListener() },
    { loss: 'the connection is reset', cause: async () => stack.direct.reset() },
    { loss: 'the connection hangs', cause: async () => stack.direct.hold() },
    { loss: 'the database is stopped', cause: () => stack.direct.refuse() },
    { loss: 'the far end was replaced without a word', cause: async () => stack.direct.abandon() },
  ]
  test.each(losses)('because $loss, all sockets are closed, and new ones are accepted after', async ({ cause }) => {
    const services = await Promise.all([subscribe(stack), subscribe(stack)])
    await cause()
    const pongs = services.map((service) => service.ping().catch(() => 'no pong'))
    expect(await Promise.all(services.map(({ closed }) => closed))).toEqual(
      Array(2).fill({ code: 1013, reason: 'listen_lost' }),
    )
    if (!stack.feed.isOpen()) {
      const refused = await tryToSubscribe(stack.internalUrl, withToken).catch(() => ({ status: 503 }))
      expect([101, 503]).toContain(refused.status)
    }
    await stack.direct.pass()
    await until(() => stack.feed.isOpen())
    const { client, sessionId } = await stack.person()
    const service = await subscribe(stack)
    await service.catchUp()
    await client.post('/api/auth/sign-out')
    await service.ping()
    expect(revocations(service)).toEqual([{ type: 'revoke', session: sessionId }])
    await Promise.all(pongs)
    expect(await stack.metric('feed_closes_total{reason="listen_lost"}')).toBe(2)
    expect(await stack.metric('feed_listen_failures_total')).toBeGreaterThan(0)
  })

  test('nobody is accepted, checks still work, and the server is not ready', async () => {
    const { client } = await stack.person()
    await stack.direct.refuse()
    await until(() => !stack.feed.isOpen())
    const response = await tryToSubscribe(stack.internalUrl, withToken)
    expect([response.status, JSON.parse(response.body)]).toMatchObject([503, { code: 'FEED_UNAVAILABLE' }])
    expect((await client.check()).status).toBe(200)
    const ready = await fetch(`${stack.url}/health/ready`)
    expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'FEED_UNAVAILABLE' }])
    expect(await stack.metric('feed_listening')).toBe(0)
    await stack.direct.pass()
    await until(async () => (await fetch(`${stack.url}/health/ready`)).status === 200)
  })

  test('because a trigger is missing or disabled, nobody is accepted until it is back', async () => {
    for (const [breaking, fixing] of [
      [
        'ALTER TABLE session DISABLE TRIGGER announce_delete',
        'ALTER TABLE session ENABLE ALWAYS TRIGGER announce_delete',
      ],
      ['ALTER TRIGGER announce_update ON "user" RENAME TO x', 'ALTER TRIGGER x ON "user" RENAME TO announce_update'],
    ]) {
      await stack.sql(breaking ?? '')
      await stack.killListener()
      await until(() => stack.lines.some((line) => line.includes('triggers that announce revocations are missing')))
      expect(stack.feed.isOpen()).toBe(false)
      await stack.sql(fixing ?? '')
      await until(() => stack.feed.isOpen())
      stack.lines.length = 0
    }
  })
})

test('when a trigger is disabled while services are connected, they are disconnected, and nobody is accepted', async () => {
  const service = await subscribe(stack)
  await stack.sql('ALTER TABLE session DISABLE TRIGGER USER')
  expect((await service.closed).code).toBe(1013)
  expect(stack.feed.isOpen()).toBe(false)
  for (const trigger of ['announce_delete', 'announce_update', 'announce_truncate'])
    await stack.sql(`ALTER TABLE session ENABLE ALWAYS TRIGGER ${trigger}`)
  await until(() => stack.feed.isOpen())
})

test('a service that reacts to being disconnected with something that is not a frame harms nobody', async () => {
  const service = await subscribe(stack)
  const raw = service.socket as unknown as { _socket: Socket }
  const noFrame = Buffer.from([0x81, 0x05, 1, 2, 3]) // a client's frame has to be masked
  raw._socket.removeAllListeners('data').on('data', () => raw._socket.write(noFrame))
  await stack.killListener()
  await service.closed
  await until(() => stack.feed.isOpen())
  await until(async () => (await stack.metric('feed_subscribers')) === 0)
})

describe('a connection that hears nothing', () => {
  test('is given up, although it responds: the address of another database', async () => {
    const other = await startTestStack()
    const server = await startTestServer({
      ...stack.variables,
      DATABASE_URL_DIRECT: other.database.variables().DATABASE_URL ?? '',
    })
    await until(() => server.lines.some((line) => line.includes('must lead to the same primary')))
    expect(server.feed.isOpen()).toBe(false)
    await server.stop()
    await other.stop()
  })

  test('is given up when it turns deaf later', async () => {
    const service = await subscribe(stack)
    stack.direct.onResponse((bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('"public"', '"other!"'), 'latin1'),
    )
    expect((await service.closed).code).toBe(1013)
    stack.direct.onResponse((bytes) => bytes)
    await until(() => stack.feed.isOpen())
  })

  test('is given up before it sends a pong, when another backend responds: there is a pooler in between', async () => {
    const service = await subscribe(stack)
    const [{ pid } = { pid: 0 }] = await stack.listeners()
    const other = String(pid).replace(/.$/, (digit) => String((Number(digit) + 1) % 10))
    stack.direct.onResponse((bytes) => Buffer.from(bytes.toString('latin1').replaceAll(String(pid), other), 'latin1'))
    await expect(service.ping()).rejects.toThrow('closed with 1013')
    stack.direct.onResponse((bytes) => bytes)
    await until(() => stack.feed.isOpen())
  })
})

test('when there is no room for a new connection, nobody is accepted, and the pools keep those that they have', async () => {
  const { client } = await stack.person()
  const before = await stack.pools.sessions.connect()
  before.release()
  const [{ role } = { role: '' }] = await stack.sql<{ role: string }>(
    `SELECT usename AS role FROM pg_stat_activity WHERE application_name = 'auth-server-feed' AND datname = current_database()`,
  )
  await stack.sql(`ALTER ROLE "${role}" CONNECTION LIMIT 1`)

  await until(() => stack.lines.some((line) => line.includes('53300')))
  expect(stack.feed.isOpen()).toBe(false)
  expect((await client.check()).status).toBe(200)
  const after = await stack.pools.sessions.connect()
  expect(after).toBe(before)
  after.release()
  await stack.sql(`ALTER ROLE "${role}" CONNECTION LIMIT -1`)
  await until(() => stack.feed.isOpen())
})
