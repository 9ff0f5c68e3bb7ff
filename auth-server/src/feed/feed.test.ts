import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSession, signUp } from '../../test/client.ts'
import { INTERNAL_TOKEN } from '../../test/database.ts'
import { startTestServer, startTestStack } from '../../test/harness.ts'
import { type Subscriber, subscribe, tryToSubscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

const TIMING = { answerMs: 300, probeEveryMs: 200 }
const LIMITS = { most: 3, buffered: 64 * 1024, pings: 10, aliveEveryMs: 60_000, closeMs: 200 }
const withToken = { 'x-internal-token': INTERNAL_TOKEN }

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeEach(async () => {
  stack = await startTestStack({}, { timing: TIMING, limits: LIMITS })
  await until(() => stack.feed.isOpen())
})
afterEach(() => stack.stop())

const FEED = `application_name = 'auth-server-feed' AND datname = current_database()`
const killListener = () => stack.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${FEED}`)
/** The server has read what the service sent before. */
async function arrivalOf({ socket }: Subscriber): Promise<void> {
  socket.ping()
  await once(socket, 'pong')
}
const metric = async (name: string) =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.+)$`, 'm').exec(await stack.registry.metrics())?.[1] ?? 0)
const revocations = ({ messages }: Subscriber) => messages.filter(({ type }) => type !== 'pong')

async function person() {
  const signedUp = await signUp(stack)
  const rows = await stack.sql<{ id: string }>('SELECT id FROM session WHERE "userId" = $1', [signedUp.userId])
  return { ...signedUp, sessionId: rows[0]?.id }
}

describe('subscribing', () => {
  test.each([
    ['missing', {}],
    ['wrong', { 'x-internal-token': 'wrong' }],
    ['empty', { 'x-internal-token': '' }],
  ])('with an internal token that is %s is refused with 403 before the upgrade', async (_what, headers) => {
    const answer = await tryToSubscribe(stack.internalUrl, headers)
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([403, { code: 'INTERNAL_TOKEN_REQUIRED' }])
    expect(answer.headers['x-request-id']).toMatch(/^[\w-]{36}$/)
    expect(await metric('feed_subscribers')).toBe(0)
  })

  test('anywhere else is 404, and on the public port there is nothing', async () => {
    expect((await tryToSubscribe(stack.internalUrl, withToken, '/internal/other')).status).toBe(404)
    expect((await tryToSubscribe(stack.url, withToken)).status).toBe(404)
  })

  test('without WebSocket is 426', async () => {
    const response = await fetch(`${stack.internalUrl}/internal/feed`, { headers: withToken })
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket'])
    expect(await response.json()).toMatchObject({ code: 'UPGRADE_REQUIRED' })
    const post = await fetch(`${stack.internalUrl}/internal/feed`, { method: 'POST', headers: withToken })
    expect(post.status).toBe(405)
  })

  test('more services than allowed get 503, until one leaves', async () => {
    const [first] = await Promise.all([subscribe(stack), subscribe(stack), subscribe(stack)])
    const refused = await tryToSubscribe(stack.internalUrl, withToken)
    expect([refused.status, JSON.parse(refused.body)]).toMatchObject([503, { code: 'FEED_UNAVAILABLE' }])
    expect(refused.headers['retry-after']).toBe('1')
    first.close()
    await until(async () => (await tryToSubscribe(stack.internalUrl, withToken)).status === 101)
  })

  test('a request that offers another protocol beside HTTP is answered as it would be without', async () => {
    const { client } = await person()
    const headers = { ...withToken, cookie: client.cookieHeader(), connection: 'upgrade', upgrade: 'h2c' }
    const asking = request(`${stack.internalUrl}/internal/session`, { headers }).end()
    const [response] = await once(asking, 'response')
    expect(response.statusCode).toBe(200)
    response.destroy()
  })
})

describe('a service hears', () => {
  test('of a sign-out, a ban and a TRUNCATE, and of no sign-in; never a token', async () => {
    const service = await subscribe(stack)
    const [one, other] = [await person(), await person()]
    await one.client.post('/api/auth/sign-out')
    await stack.sql(`UPDATE "user" SET banned = true WHERE id = $1`, [other.userId])
    await stack.sql('TRUNCATE session')
    await service.ping()

    expect(revocations(service)).toEqual([
      { type: 'revoke', session: one.sessionId },
      { type: 'revoke', user: other.userId },
      { type: 'flush' },
    ])
    const wire = JSON.stringify(service.messages)
    for (const { token } of [one, other]) expect(wire).not.toContain(token.split('.')[0])
  })

  test('"flush" when a notification cannot be read, and nothing of another schema', async () => {
    const service = await subscribe(stack)
    for (const payload of ['', 'junk', '{}', '{"schema":"public"}', '{"schema":"public","session":7}', '[]']) {
      await stack.sql(`SELECT pg_notify('auth_sidecar_revocations', $1)`, [payload])
    }
    await stack.sql(`SELECT pg_notify('auth_sidecar_revocations', '{"schema":"other","flush":true}')`)
    await service.ping()
    expect(revocations(service)).toEqual(Array(6).fill({ type: 'flush' }))
  })

  test('from each of two servers what was ended through the other', async () => {
    const second = await startTestServer(stack.variables)
    await until(() => second.feed.isOpen())
    const services = [await subscribe(stack), await subscribe(second)]
    const { client, sessionId } = await person()
    await client.post('/api/auth/sign-out')
    await Promise.all(services.map((service) => service.ping()))
    expect(services.map(revocations)).toEqual(Array(2).fill([{ type: 'revoke', session: sessionId }]))
    await second.stop()
  })
})

describe('a pong', () => {
  test('comes after every revocation that was committed before its ping, under load too', async () => {
    const services = await Promise.all([subscribe(stack), subscribe(stack)])
    const { userId } = await person()
    const load = { isOn: true }
    const writing = (async () => {
      while (load.isOn) await stack.sql(`UPDATE "user" SET name = gen_random_uuid() WHERE id = $1`, [userId])
    })()
    let late = 0
    for (let round = 0; round < 200; round++) {
      const [{ id } = { id: '' }] = await stack.sql<{ id: string }>(
        `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
         VALUES (gen_random_uuid(), gen_random_uuid(), $1, now() + interval '1 day', now(), now()) RETURNING id`,
        [userId],
      )
      await stack.sql('DELETE FROM session WHERE id = $1', [id])
      await Promise.all(services.map((service) => service.ping()))
      late += services.filter(({ messages }) => !messages.some(({ session }) => session === id)).length
    }
    load.isOn = false
    await writing
    expect(late).toBe(0)
  })

  test('does not come from a question that was under way when its ping came', async () => {
    await stack.feed.stop()
    const server = await startTestServer(stack.variables, { timing: { answerMs: 2000, probeEveryMs: 60_000 } })
    await until(() => server.feed.isOpen())
    const service = await subscribe(server)
    const { userId } = await person()

    const answers = stack.direct.holdAnswers()
    const first = service.ping()
    await until(() => answers.count() === 1)
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    await until(() => answers.count() === 2)
    const second = service.ping()
    await arrivalOf(service)
    answers.passFirst()
    await first
    await stack.direct.pass()
    await second

    expect(service.messages).toEqual([
      { type: 'pong', id: 1 },
      { type: 'revoke', user: userId },
      { type: 'pong', id: 2 },
    ])
    await server.stop()
  })

  test('answers each ping by its own id', async () => {
    const service = await subscribe(stack)
    await Promise.all(Array.from({ length: 10 }, () => service.ping()))
    expect(service.messages.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await metric('feed_barrier_seconds_count')).toBe(10)
  })
})

describe('when revocations can no longer be heard', () => {
  const losses = [
    { loss: 'the backend of the connection is killed', cause: () => killListener() },
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
    const { client, sessionId } = await person()
    const service = await subscribe(stack)
    await client.post('/api/auth/sign-out')
    await service.ping()
    expect(revocations(service)).toEqual([{ type: 'revoke', session: sessionId }])
    await Promise.all(pongs)
    expect(await metric('feed_closes_total{reason="listen_lost"}')).toBe(2)
    expect(await metric('feed_listen_failures_total')).toBeGreaterThan(0)
  })

  test('nobody is accepted, checks are still answered, and readiness is not concerned', async () => {
    const { client } = await person()
    await stack.direct.refuse()
    await until(() => !stack.feed.isOpen())
    const answer = await tryToSubscribe(stack.internalUrl, withToken)
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([503, { code: 'FEED_UNAVAILABLE' }])
    expect((await client.check()).status).toBe(200)
    expect((await fetch(`${stack.url}/health/ready`)).status).toBe(200)
    expect(await metric('feed_listening')).toBe(0)
  })

  test('because a trigger is missing or disabled, nobody is accepted until it is back', async () => {
    for (const [breaking, mending] of [
      [
        'ALTER TABLE session DISABLE TRIGGER announce_delete',
        'ALTER TABLE session ENABLE ALWAYS TRIGGER announce_delete',
      ],
      ['ALTER TRIGGER announce_update ON "user" RENAME TO x', 'ALTER TRIGGER x ON "user" RENAME TO announce_update'],
    ]) {
      await stack.sql(breaking ?? '')
      await killListener()
      await until(() => stack.lines.some((line) => line.includes('triggers that announce revocations are missing')))
      expect(stack.feed.isOpen()).toBe(false)
      await stack.sql(mending ?? '')
      await until(() => stack.feed.isOpen())
      stack.lines.length = 0
    }
  })
})

describe('a connection that hears nothing', () => {
  test('is given up, although it answers: the address of another database', async () => {
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
    stack.direct.onAnswer((bytes) => Buffer.from(bytes.toString('latin1').replaceAll('"public"', '"other!"'), 'latin1'))
    expect((await service.closed).code).toBe(1013)
    stack.direct.onAnswer((bytes) => bytes)
    await until(() => stack.feed.isOpen())
  })

  test('is given up before it answers a ping, when another backend answers: a pooler stands in between', async () => {
    const service = await subscribe(stack)
    const [{ pid } = { pid: 0 }] = await stack.sql<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${FEED}`)
    const other = String(pid).replace(/.$/, (digit) => String((Number(digit) + 1) % 10))
    stack.direct.onAnswer((bytes) => Buffer.from(bytes.toString('latin1').replaceAll(String(pid), other), 'latin1'))
    await expect(service.ping()).rejects.toThrow('closed with 1013')
    stack.direct.onAnswer((bytes) => bytes)
    await until(() => stack.feed.isOpen())
  })
})

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
    expect(await metric('feed_closes_total{reason="malformed"}')).toBe(1)
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
    const { userId } = await person()
    await until(async () => {
      await stack.sql(
        `DO $$ BEGIN FOR i IN 1..500 LOOP
           PERFORM pg_notify('auth_sidecar_revocations', json_build_object('schema', 'public', 'user', repeat('x', 1000) || i)::text);
         END LOOP; END $$`,
      )
      await neighbour.ping()
      return (await metric('feed_closes_total{reason="slow"}')) === 1
    })
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    await neighbour.ping()
    expect(revocations(neighbour).at(-1)).toEqual({ type: 'revoke', user: userId })
    slow.close()
  })
})

test('a service that no longer answers is let go', async () => {
  const server = await startTestServer(stack.variables, { limits: { ...LIMITS, aliveEveryMs: 100 } })
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
  expect(await stack.sql(`SELECT FROM pg_stat_activity WHERE ${FEED}`)).toEqual([])
  expect((await checkSession(stack.internalUrl, {})).status).toBe(401)
})
