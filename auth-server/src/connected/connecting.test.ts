import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Client, createClient, signUp } from '../../test/client.ts'
import { type ConnectedStack, codeOf, endOf, PATH, pasteKey, startConnectedStack } from '../../test/connected-stack.ts'
import { beginConnection, connect, connectionTo, listedServices, returnFrom } from '../../test/oauth-service.ts'

let setUp: ConnectedStack
beforeAll(async () => {
  setUp = await startConnectedStack()
})
afterEach(() => setUp.makeHonest())
afterAll(() => setUp.stop())

describe('by OAuth', () => {
  test('a user connects an account, sees whose it is, and removes it', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)

    await connect(client, service, 'ada-at-the-service')

    const listed = (await listedServices(client)).find(({ id }) => id === service.id)
    expect(listed).toMatchObject({
      ...{ id: service.id, kind: 'oauth' },
      connection: { account: 'ada-at-the-service', scopes: ['read', 'write'], keyHint: null, isRevoked: false },
    })
    expect((await client.call('DELETE', `${PATH}/${service.id}`)).status).toBe(200)
    expect(await connectionTo(client, service.id)).toBeNull()
    expect(await setUp.eventsOf(userId)).toEqual([
      ['service-connected', { service: service.id }, '127.0.0.1'],
      ['service-removed', { service: service.id }, '127.0.0.1'],
    ])
    expect(await codeOf(await client.call('DELETE', `${PATH}/${service.id}`))).toEqual([409, 'SERVICE_NOT_CONNECTED'])
  })

  test('the service is asked with PKCE and for the scopes of the settings, and its secret stays out of the browser', async () => {
    const { service } = setUp
    const { client } = await signUp(setUp.stack)
    const sent = new URL(await beginConnection(client, service.id)).searchParams
    expect(Object.fromEntries(sent)).toEqual({
      ...{ response_type: 'code', client_id: 'client', scope: 'read', code_challenge_method: 'S256' },
      redirect_uri: `http://localhost:3000${PATH}/${service.id}/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('a service without discovery is asked at the addresses of the settings, with what it also wants', async () => {
    const { service } = setUp
    const { client } = await signUp(setUp.stack)
    const authorize = await beginConnection(client, 'by-hand')
    expect(Object.fromEntries(new URL(authorize).searchParams)).toMatchObject({ tenant: '1', access_type: 'offline' })
    expect(new URL(authorize).searchParams.has('scope')).toBe(false)
    const end = await returnFrom(client, 'by-hand', authorize, { code: service.grant(authorize) })
    expect(endOf(end).error).toBeNull()
    expect(service.requests.at(-1)).toMatchObject({ place: 'token' })
    expect(service.requests.at(-1)?.body.get('client_id')).toBe('client')
    // It says nowhere whose account it is.
    expect(await connectionTo(client, 'by-hand')).toMatchObject({ account: null, scopes: ['read', 'write'] })
  })

  test('the browser ends at the page that asked, or at the account page', async () => {
    const { service } = setUp
    const { client } = await signUp(setUp.stack)
    const finish = async (body: object) => {
      const authorize = await beginConnection(client, service.id, body)
      return (await returnFrom(client, service.id, authorize, { code: service.grant(authorize) })).headers.get(
        'location',
      )
    }
    const query = `service=${service.id}`
    expect(await finish({})).toBe(`http://localhost:3000/account?${query}#connected-services`)
    expect(await finish({ callbackURL: '/reports?year=1#top' })).toBe(
      `http://localhost:3000/reports?year=1&${query}#top`,
    )
  })

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'a page of somebody else, %s, is refused',
    async (callbackURL) => {
      const { client } = await signUp(setUp.stack)
      const response = await client.post(`${PATH}/${setUp.service.id}/authorize`, { body: { callbackURL } })
      expect(await codeOf(response)).toEqual([403, 'INVALID_CALLBACK_URL'])
    },
  )

  test('connecting again takes the place of the connection', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service, 'ada')
    await setUp.stack.sql(`UPDATE account SET "revokedAt" = now() WHERE "userId" = $1`, [userId])
    expect(await connectionTo(client, service.id)).toMatchObject({ account: 'ada', isRevoked: true })
    await connect(client, service, 'ben')
    expect(await connectionTo(client, service.id)).toMatchObject({ account: 'ben', isRevoked: false })
    expect(await setUp.rowsOf(userId)).toHaveLength(1)
  })

  test('two users may connect the same account there', async () => {
    const { service } = setUp
    const [one, two] = [await signUp(setUp.stack), await signUp(setUp.stack)]
    await connect(one.client, service, 'shared')
    await connect(two.client, service, 'shared')
    expect(await setUp.rowsOf(one.userId)).toHaveLength(1)
    expect(await setUp.rowsOf(two.userId)).toHaveLength(1)
  })
})

describe('nobody but the user in person', () => {
  const calls = (id: string, keyId: string): [string, string, object?][] => [
    ['POST', `/${id}/authorize`, {}],
    ['POST', `/${keyId}/key`, { key: 'key-abcdef' }],
    ['DELETE', `/${id}`],
  ]
  const responses = async (client: Client, headers: Record<string, string> = {}) => {
    const { service, keyId } = setUp
    const all = calls(service.id, keyId).map(async ([method, path, body]) =>
      codeOf(await client.call(method, PATH + path, { headers, ...(body && { body }) })),
    )
    return Promise.all(all)
  }

  test('connects or removes anything: not in a session of more than a day', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service)
    await setUp.stack.sql(`UPDATE session SET "createdAt" = now() - interval '25 hours' WHERE "userId" = $1`, [userId])
    expect(await responses(client)).toEqual(Array(3).fill([403, 'SESSION_NOT_FRESH']))
    expect(await connectionTo(client, service.id)).not.toBeNull()
  })

  test('connects or removes anything: not an administrator who acts as the user', async () => {
    const [admin, signedUp] = [await signUp(setUp.stack), await signUp(setUp.stack)]
    await setUp.stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
    await admin.client.post('/api/auth/admin/impersonate-user', { body: { userId: signedUp.userId } })
    expect(await responses(admin.client)).toEqual(Array(3).fill([403, 'SESSION_NOT_FRESH']))
  })

  test('connects or removes anything: not a page of another site', async () => {
    const { client } = await signUp(setUp.stack)
    expect(await responses(client, { origin: 'https://evil.example' })).toEqual(Array(3).fill([403, 'INVALID_ORIGIN']))
  })

  test('connects or removes anything: not who is signed in nowhere', async () => {
    const client = createClient(setUp.stack)
    expect(await responses(client)).toEqual(Array(3).fill([401, 'SESSION_REQUIRED']))
    expect((await client.get(PATH)).status).toBe(401)
  })

  test('sees or removes the connection of somebody else', async () => {
    const { service } = setUp
    const [victim, other] = [await signUp(setUp.stack), await signUp(setUp.stack)]
    await connect(victim.client, service)
    expect(await connectionTo(other.client, service.id)).toBeNull()
    expect((await other.client.call('DELETE', `${PATH}/${service.id}`)).status).toBe(409)
    expect(await connectionTo(victim.client, service.id)).not.toBeNull()
  })
})

test('a service of another kind, and one that is not configured, are 404', async () => {
  const { service, keyId } = setUp
  const { client } = await signUp(setUp.stack)
  const all = [
    await client.post(`${PATH}/${keyId}/authorize`),
    await pasteKey(client, service.id, 'key-abcdef'),
    await client.post(`${PATH}/none/authorize`),
    await client.get(`${PATH}/none/callback`),
  ]
  for (const response of all) expect(await codeOf(response)).toEqual([404, 'SERVICE_NOT_FOUND'])
})

test('a user who tries without end is told to wait', async () => {
  const { client } = await signUp(setUp.stack)
  const statuses: number[] = []
  for (let time = 0; time < 31; time++) statuses.push((await pasteKey(client, setUp.keyId, 'nothing like it')).status)
  expect([...new Set(statuses)]).toEqual([400, 429])
  const limited = await pasteKey(client, setUp.keyId, 'nothing like it')
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
})
