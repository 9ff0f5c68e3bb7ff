import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSession } from '../../test/client.ts'
import { type FeedStack, LIMITS, revocations, startFeedStack, withToken } from '../../test/feed.ts'
import { startTestServer } from '../../test/harness.ts'
import { subscribe, tryToSubscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

let stack: FeedStack
beforeEach(async () => {
  // Longer than a flood of notifications takes on a busy machine: these tests lose services, not the database.
  stack = await startFeedStack({ responseMs: 10_000, probeEveryMs: 60_000 })
})
afterEach(() => stack.stop())

describe('a service is cut off', () => {
  test.each([
    ['no JSON', 'ping'],
    ['another type', '{"type":"pong","id":1}'],
    ['no id', '{"type":"ping"}'],
    ['an id that is no number', '{"type":"ping","id":"1"}'],
    ['an id that is no whole number', '{"type":"ping","id":1.5}'],
    ['an id below zero', '{"type":"ping","id":-1}'],
    ['an id too large to be exact', '{"type":"ping","id":1e300}'],
    ['more than a ping', '{"type":"ping","id":1,"more":true}'],
    ['an empty message', ''],
  ])('when it sends %s', async (_what, text) => {
    const [service, neighbour] = [await subscribe(stack), await subscribe(stack)]
    service.socket.send(text)
    expect(await service.closed).toEqual({ code: 1008, reason: 'malformed' })
    await neighbour.ping()
    expect(await stack.metric('feed_closes_total{reason="malformed"}')).toBe(1)
  })

  test('when it sends bytes, or more than 256 of them', async () => {
    const [binary, long] = [await subscribe(stack), await subscribe(stack)]
    binary.socket.send(Buffer.from('{"type":"ping","id":1}'), { binary: true })
    long.socket.send(`{"type":"ping","id":1${' '.repeat(300)}}`)
    expect((await binary.closed).code).toBe(1008)
    expect((await long.closed).code).toBe(1009)
  })

  test('when it sends more pings than can be under way', async () => {
    const service = await subscribe(stack)
    stack.direct.hold()
    for (let id = 0; id < 11; id++) service.socket.send(`{"type":"ping","id":${id}}`)
    expect(await service.closed).toEqual({ code: 1008, reason: 'malformed' })
    await stack.direct.pass()
  })

  test('when it does not read, and nobody else waits for it', async () => {
    const [slow, neighbour] = [await subscribe(stack), await subscribe(stack)]
    slow.socket.pause()
    const { userId } = await stack.person()
    await until(async () => {
      await stack.sql(
        `DO $$ BEGIN FOR i IN 1..500 LOOP
           PERFORM pg_notify('auth_sidecar_revocations', json_build_object('schema', 'public', 'user', repeat('x', 1000) || i)::text);
         END LOOP; END $$`,
      )
      await neighbour.ping()
      return (await stack.metric('feed_closes_total{reason="slow"}')) === 1
    })
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    await neighbour.ping()
    expect(revocations(neighbour).at(-1)).toEqual({ type: 'revoke', user: userId })
    slow.close()
  })
})

test('a service that no longer responds is dropped', async () => {
  // Longer than this process stands still on a busy machine: the other service lives in it, and would be late too.
  const server = await startTestServer(stack.variables, { limits: { ...LIMITS, aliveEveryMs: 2000 } })
  await until(() => server.feed.isOpen())
  const [dead, alive] = [await subscribe(server), await subscribe(server)]
  dead.socket.pause()
  await until(async () => /^feed_closes_total\{reason="dead"\} 1$/m.test(await server.registry.metrics()))
  await alive.ping()
  dead.close()
  alive.close()
  await server.stop()
})

test('stopping says goodbye with 1001, waits for nobody who does not listen, and accepts nobody new', async () => {
  const [service, deaf] = [await subscribe(stack), await subscribe(stack)]
  deaf.socket.pause()
  const stopping = stack.feed.stop()
  expect((await tryToSubscribe(stack.internalUrl, withToken)).status).toBe(503)
  expect(await service.closed).toEqual({ code: 1001, reason: 'shutdown' })
  await stopping
  deaf.close()
  // The end of its connection is known here before PostgreSQL has read of it.
  await until(async () => (await stack.listeners()).length === 0)
  expect((await checkSession(stack.internalUrl, {})).status).toBe(401)
})
