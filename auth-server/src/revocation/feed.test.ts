import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FeedStack, revocations, startFeedStack, withToken } from '../../test/feed.ts'
import { startTestServer } from '../../test/harness.ts'
import { type Subscriber, subscribe, tryToSubscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

let stack: FeedStack
beforeEach(async () => {
  stack = await startFeedStack()
})
afterEach(() => stack.stop())

/** The server has read what the service sent before. */
async function arrivalOf({ socket }: Subscriber): Promise<void> {
  socket.ping()
  await once(socket, 'pong')
}

describe('subscribing', () => {
  test.each([
    ['missing', {}],
    ['wrong', { 'x-internal-token': 'wrong' }],
    ['empty', { 'x-internal-token': '' }],
  ])('with an internal token that is %s is refused with 403 before the upgrade', async (_what, headers) => {
    const response = await tryToSubscribe(stack.internalUrl, headers)
    expect([response.status, JSON.parse(response.body)]).toMatchObject([403, { code: 'INTERNAL_TOKEN_REQUIRED' }])
    expect(response.headers['x-request-id']).toMatch(/^[\w-]{36}$/)
    expect(await stack.metric('feed_subscribers')).toBe(0)
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

  test('a request that offers another protocol beside HTTP gets the response that it would get without', async () => {
    const { client } = await stack.person()
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
    await service.catchUp()
    const [one, other] = [await stack.person(), await stack.person()]
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
    await service.catchUp()
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
    await Promise.all(services.map((service) => service.catchUp()))
    const { client, sessionId } = await stack.person()
    await client.post('/api/auth/sign-out')
    await Promise.all(services.map((service) => service.ping()))
    expect(services.map(revocations)).toEqual(Array(2).fill([{ type: 'revoke', session: sessionId }]))
    await second.stop()
  })
})

describe('a pong', () => {
  test('comes after every revocation that was committed before its ping, under load too', async () => {
    const services = await Promise.all([subscribe(stack), subscribe(stack)])
    const { userId } = await stack.person()
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
  }, 120_000)

  test('does not come from a question that was under way when its ping came', async () => {
    await stack.feed.stop()
    const server = await startTestServer(stack.variables, { timing: { responseMs: 2000, probeEveryMs: 60_000 } })
    await until(() => server.feed.isOpen())
    const service = await subscribe(server)
    const { userId } = await stack.person()

    const responses = stack.direct.holdResponses()
    const first = service.ping()
    await until(() => responses.count() === 1)
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    await until(() => responses.count() === 2)
    const second = service.ping()
    await arrivalOf(service)
    responses.passFirst()
    await first
    await stack.direct.pass()
    await second

    expect(service.messages).toEqual([
      { type: 'hello', lease_ms: 60 },
      { type: 'pong', id: 1 },
      { type: 'revoke', user: userId },
      { type: 'pong', id: 2 },
    ])
    await server.stop()
  })

  test('has the id of its ping', async () => {
    const service = await subscribe(stack)
    await Promise.all(Array.from({ length: 10 }, () => service.ping()))
    expect(service.messages.slice(1).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await stack.metric('feed_barrier_seconds_count')).toBe(10)
  })
})
