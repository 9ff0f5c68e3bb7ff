import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Client, createClient, signInElsewhere, signUp } from '../../test/client.ts'
import { type ConnectedStack, endOf, PATH, startConnectedStack } from '../../test/connected-stack.ts'
import { beginConnection, connectionTo, returnFrom } from '../../test/oauth-service.ts'

let setUp: ConnectedStack
beforeAll(async () => {
  setUp = await startConnectedStack()
})
afterEach(() => setUp.makeHonest())
afterAll(() => setUp.stop())

describe('a callback', () => {
  async function begun(id = setUp.service.id) {
    const signedUp = await signUp(setUp.stack)
    const authorize = await beginConnection(signedUp.client, id)
    return { ...signedUp, authorize, code: setUp.service.grant(authorize) }
  }
  const ACCOUNT = 'http://localhost:3000/account#connected-services'

  test('is good once, however many arrive at the same time', async () => {
    const { service } = setUp
    const { client, userId, authorize, code } = await begun()
    const ends = await Promise.all(
      Array.from({ length: 50 }, async () => endOf(await returnFrom(client, service.id, authorize, { code })).error),
    )
    expect(ends.filter((error) => error === null)).toHaveLength(1)
    expect(new Set(ends)).toEqual(new Set([null, 'state_mismatch']))
    expect(await setUp.rowsOf(userId)).toHaveLength(1)
    expect(await setUp.eventsOf(userId)).toHaveLength(1)
  })

  test.each<[string, (begun: { email: string }) => Promise<Client> | Client, string]>([
    ['of another user', async () => (await signUp(setUp.stack)).client, 'state_mismatch'],
    ['in another session of the same user', async ({ email }) => signInElsewhere(setUp.stack, email), 'state_mismatch'],
    ['in a browser that is signed in nowhere', () => createClient(setUp.stack), 'session_required'],
  ])('%s connects nothing, and uses the state up', async (_whose, browserOf, error) => {
    const { service } = setUp
    const { client, userId, email, authorize, code } = await begun()
    const exchanged = service.count('token')
    const elsewhere = await browserOf({ email })
    expect(endOf(await returnFrom(elsewhere, service.id, authorize, { code }))).toEqual({ page: ACCOUNT, error })
    expect(endOf(await returnFrom(client, service.id, authorize, { code })).error).toBe('state_mismatch')
    expect(await setUp.rowsOf(userId)).toEqual([])
    expect(service.count('token')).toBe(exchanged)
  })

  test('of a session that has ended in the meantime connects nothing', async () => {
    const { service } = setUp
    const { client, userId, authorize, code } = await begun()
    await setUp.stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    expect(endOf(await returnFrom(client, service.id, authorize, { code })).error).toBe('session_required')
    expect(await setUp.rowsOf(userId)).toEqual([])
  })

  test('after ten minutes is too late', async () => {
    const { service } = setUp
    const { client, userId, authorize, code } = await begun()
    const later = await setUp.stack.sql(
      `UPDATE verification SET "expiresAt" = "expiresAt" - interval '600 seconds' WHERE value LIKE '%' || $1 || '%' RETURNING 1`,
      [userId],
    )
    expect(later).toHaveLength(1)
    expect(endOf(await returnFrom(client, service.id, authorize, { code })).error).toBe('state_mismatch')
  })

  test.each<[string, Record<string, string>]>([
    ['without a state', { state: '' }],
    ['with a state that was never given out', { state: 'x'.repeat(43) }],
    ['with an odd state', { state: "' OR 1=1 --" }],
  ])('%s connects nothing', async (_what, query) => {
    const { service } = setUp
    const { client, userId, authorize, code } = await begun()
    expect(endOf(await returnFrom(client, service.id, authorize, { code, ...query })).error).toBe('state_mismatch')
    expect(await setUp.rowsOf(userId)).toEqual([])
  })

  test('at another service than it was begun at shows the code to nobody', async () => {
    const { service, other } = setUp
    const { client, userId, authorize, code } = await begun()
    expect(endOf(await returnFrom(client, other.id, authorize, { code })).error).toBe('state_mismatch')
    expect(other.count('token')).toBe(0)
    expect(service.takes(code)).toBe(false)
    expect(await setUp.rowsOf(userId)).toEqual([])
  })

  test('that names another issuer shows the code to nobody', async () => {
    const { service } = setUp
    const { client, authorize, code } = await begun()
    const exchanged = service.count('token')
    const end = await returnFrom(client, service.id, authorize, { code, iss: 'https://evil.example' })
    expect(endOf(end)).toEqual({ page: ACCOUNT, error: 'issuer_mismatch' })
    expect(service.count('token')).toBe(exchanged)
  })

  test('that names the right issuer is good, and has to where the service says that it always does', async () => {
    const { other } = setUp
    const { client } = await signUp(setUp.stack)
    other.behaviour.discovery = { authorization_response_iss_parameter_supported: true }
    const authorize = await beginConnection(client, other.id)
    const without = await returnFrom(client, other.id, authorize, { code: other.grant(authorize) })
    expect(endOf(without).error).toBe('issuer_mismatch')
    const again = await beginConnection(client, other.id)
    const end = await returnFrom(client, other.id, again, { code: other.grant(again), iss: other.url })
    expect(endOf(end).error).toBeNull()
  })

  test.each([
    ['access_denied', 'access_denied'],
    ['temporarily_unavailable', 'temporarily_unavailable'],
    ['<script>alert(1)</script>', 'service_refused'],
  ])('with the error %s tells the page %s', async (error, shown) => {
    const { service } = setUp
    const { client, authorize } = await begun()
    expect(endOf(await returnFrom(client, service.id, authorize, { error }))).toEqual({ page: ACCOUNT, error: shown })
  })

  test('with two codes is refused', async () => {
    const { service } = setUp
    const { client, authorize, code } = await begun()
    const state = new URL(authorize).searchParams.get('state')
    const end = await client.get(`${PATH}/${service.id}/callback?state=${state}&code=${code}&code=other`)
    expect(endOf(end).error).toBe('invalid_request')
  })

  test.each<[string, () => void, string]>([
    [
      'refuses the code',
      () => setUp.service.behaviour.fails.set('token', { status: 400, body: { error: 'invalid_grant' } }),
      'service_refused',
    ],
    [
      'refuses with a 200, as GitHub does',
      () => setUp.service.behaviour.fails.set('token', { status: 200, body: { error: 'bad_verification_code' } }),
      'service_refused',
    ],
    [
      'is unavailable',
      () => setUp.service.behaviour.fails.set('token', { status: 502, body: 'Bad Gateway' }),
      'service_unavailable',
    ],
    [
      'sends a token of another kind',
      () => Object.assign(setUp.service.behaviour.tokens, { token_type: 'DPoP' }),
      'service_unavailable',
    ],
    [
      'sends a token that no header can carry',
      () => Object.assign(setUp.service.behaviour.tokens, { access_token: 'a\r\nb' }),
      'service_unavailable',
    ],
    [
      'sends no token',
      () => Object.assign(setUp.service.behaviour.tokens, { access_token: null }),
      'service_unavailable',
    ],
  ])('where the service %s connects nothing', async (_what, misbehave, error) => {
    const { service } = setUp
    const { client, userId, authorize, code } = await begun()
    misbehave()
    expect(endOf(await returnFrom(client, service.id, authorize, { code }))).toEqual({ page: ACCOUNT, error })
    expect(await setUp.rowsOf(userId)).toEqual([])
    expect(await setUp.eventsOf(userId)).toEqual([])
  })

  test('that the service does not respond to is given up after three seconds', async () => {
    const { service } = setUp
    const { client, authorize, code } = await begun()
    service.behaviour.hangs.add('token')
    expect(endOf(await returnFrom(client, service.id, authorize, { code })).error).toBe('service_unavailable')
  })

  test('where the service does not say whose account it is connects it without a name', async () => {
    const { service } = setUp
    const { client, authorize, code } = await begun()
    service.behaviour.fails.set('me', { status: 500, body: {} })
    expect(endOf(await returnFrom(client, service.id, authorize, { code })).error).toBeNull()
    expect(await connectionTo(client, service.id)).toMatchObject({ account: null })
  })
})
