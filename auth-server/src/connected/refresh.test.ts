import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Answered, type ConnectedStack, startConnectedStack, withTokens } from '../../test/connected-stack.ts'
import { startTestServer } from '../../test/harness.ts'
import { connect, connectionTo } from '../../test/oauth-service.ts'

let setUp: ConnectedStack
let tokens: ReturnType<typeof withTokens>
let replica: Awaited<ReturnType<typeof startTestServer>>
beforeAll(async () => {
  setUp = await startConnectedStack()
  tokens = withTokens(setUp)
  replica = await startTestServer(setUp.stack.variables)
})
afterEach(() => setUp.makeHonest())
afterAll(async () => {
  await replica.stop()
  await setUp.stop()
})

describe('a refresh', () => {
  test('is one, however many ask at the same time, in two servers', async () => {
    const { client, userId } = await tokens.connected()
    for (let round = 0; round < 3; round++) {
      await tokens.makeDue(userId)
      const refreshed = setUp.service.count('token')
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          tokens.ask(userId, setUp.service.id, index % 2 === 0 ? setUp.stack : replica),
        ),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      const found = new Set(answers.map(({ accessToken }) => accessToken))
      expect([found.size, setUp.service.count('token') - refreshed]).toEqual([1, 1])
      expect(setUp.service.takes([...found][0] ?? '')).toBe(true)
    }
    expect(await connectionTo(client, setUp.service.id)).toMatchObject({ isRevoked: false })
  })

  test('of a service that keeps its refresh token goes on with the old one', async () => {
    const { userId } = await tokens.connected()
    const before = (await tokens.rowOf(userId))?.refreshToken
    await tokens.makeDue(userId)
    setUp.service.behaviour.tokens = { refresh_token: undefined }
    expect((await tokens.ask(userId)).status).toBe(200)
    expect((await tokens.rowOf(userId))?.refreshToken).toBe(before)
  })

  test('by a server that died meanwhile is made up for when its time is over', async () => {
    const { userId, token } = await tokens.connected()
    await tokens.makeDue(userId)
    await tokens.set(userId, `"refreshLeaseUntil" = now() + interval '1 second'`)
    const { status, accessToken } = await tokens.ask(userId)
    expect(status).toBe(200)
    expect(accessToken).not.toBe(token)
  })

  test('by a server that takes very long is not waited for without end', async () => {
    const { userId } = await tokens.connected()
    await tokens.makeDue(userId)
    await tokens.set(userId, `"refreshLeaseUntil" = now() + interval '1 hour'`)
    expect(await tokens.ask(userId)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', retryAfter: '1' })
  })

  test('brings no connection back that the user removed meanwhile', async () => {
    const { client, userId } = await tokens.connected()
    await tokens.makeDue(userId)
    setUp.service.behaviour.hangs.add('token')
    const asked = tokens.ask(userId)
    await expect.poll(async () => (await tokens.rowOf(userId))?.refreshLeaseUntil ?? null).not.toBeNull()
    expect((await client.call('DELETE', `/api/auth/connected-services/${setUp.service.id}`)).status).toBe(200)
    expect(await asked).toMatchObject({ status: 503 })
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'SERVICE_NOT_CONNECTED' })
    expect(await tokens.rowOf(userId)).toBeUndefined()
  })

  test('whose result cannot be stored at once is stored when the database is back', async () => {
    const { userId } = await tokens.connected()
    await tokens.makeDue(userId)
    const refreshed = setUp.service.count('token')
    const release = setUp.service.hold('token')
    const asked = tokens.ask(userId)
    await expect.poll(() => setUp.service.count('token')).toBe(refreshed + 1)
    await setUp.stack.proxy.refuse()
    release()
    await expect.poll(() => setUp.stack.pools.auth.totalCount).toBe(0)
    await setUp.stack.proxy.pass()
    const { status, accessToken = '' } = await asked
    expect([status, setUp.service.takes(accessToken)]).toEqual([200, true])
    expect(setUp.service.count('token')).toBe(refreshed + 1)
  })
})

describe('a connection that the service has ended', () => {
  test('is marked so, and is good again when the user connects again', async () => {
    const { client, userId } = await tokens.connected()
    setUp.service.endGrants()
    await tokens.makeDue(userId)
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'CONNECTION_REVOKED' })
    const refreshed = setUp.service.count('token')
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'CONNECTION_REVOKED' })
    expect(setUp.service.count('token')).toBe(refreshed)
    expect(await connectionTo(client, setUp.service.id)).toMatchObject({ isRevoked: true })
    await connect(client, setUp.service)
    expect((await tokens.ask(userId)).status).toBe(200)
    expect(await connectionTo(client, setUp.service.id)).toMatchObject({ isRevoked: false })
  })

  test('is known from a refusal with a 200 too, as GitHub sends it', async () => {
    const { userId } = await tokens.connected()
    await tokens.makeDue(userId)
    setUp.service.behaviour.fails.set('token', { status: 200, body: { error: 'bad_refresh_token' } })
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'CONNECTION_REVOKED' })
  })

  test('or that is over and cannot be refreshed has to be made again', async () => {
    setUp.service.behaviour.hasRefreshTokens = false
    const { client, userId, token } = await tokens.connected()
    await tokens.makeNearlyDue(userId)
    expect(await tokens.ask(userId)).toMatchObject({ status: 200, accessToken: token })
    await tokens.makeDue(userId)
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'CONNECTION_REVOKED' })
    expect(await connectionTo(client, setUp.service.id)).toMatchObject({ isRevoked: true })
  })
})

describe('where the service cannot be asked', () => {
  test.each<[string, () => void]>([
    ['it does not respond', () => void setUp.service.behaviour.hangs.add('token')],
    ['it is down', () => void setUp.service.behaviour.fails.set('token', { status: 503, body: 'no' })],
    ['it has enough', () => void setUp.service.behaviour.fails.set('token', { status: 429, body: {} })],
    [
      'it does not know us',
      () => void setUp.service.behaviour.fails.set('token', { status: 401, body: { error: 'invalid_client' } }),
    ],
    ['it responds with a page', () => void setUp.service.behaviour.fails.set('token', { status: 200, body: '<html>' })],
  ])('because %s, nobody knows, and nothing is lost', async (_why, misbehave) => {
    const { client, userId } = await tokens.connected()
    await tokens.makeDue(userId)
    misbehave()
    expect(await tokens.ask(userId)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', retryAfter: '1' })
    expect(await connectionTo(client, setUp.service.id)).toMatchObject({ isRevoked: false })
    setUp.service.makeHonest()
    expect((await tokens.ask(userId)).status).toBe(200)
  })

  test('a token that is still good is handed out', async () => {
    const { userId, token } = await tokens.connected()
    await tokens.makeNearlyDue(userId)
    await tokens.set(userId, `"updatedAt" = now() - interval '1 hour'`)
    setUp.service.behaviour.fails.set('token', { status: 503, body: 'no' })
    const refreshed = setUp.service.count('token')
    expect(await tokens.ask(userId)).toMatchObject({ status: 200, accessToken: token })
    expect(setUp.service.count('token')).toBe(refreshed + 1)
  })

  test('sign-ins and session checks are not delayed by it', async () => {
    const waiting: Promise<Answered>[] = []
    const users: Awaited<ReturnType<typeof tokens.connected>>[] = []
    for (let user = 0; user < 15; user++) users.push(await tokens.connected())
    for (const { userId } of users) await tokens.makeDue(userId)
    setUp.service.behaviour.hangs.add('token')
    const hung = setUp.service.count('token')
    for (const { userId } of users) waiting.push(tokens.ask(userId))
    await expect.poll(() => setUp.service.count('token') - hung).toBe(15)
    // More refreshes hang than there are connections to the database, and all of those are free.
    await expect.poll(() => setUp.stack.pools.auth.totalCount - setUp.stack.pools.auth.idleCount).toBe(0)
    expect((await users[0]?.client.check())?.status).toBe(200)
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})
