import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../test/client.ts'
import { type ConnectedStack, codeOf, PATH, pasteKey, startConnectedStack } from '../../test/connected-stack.ts'
import { beginConnection, connect, connectionTo } from '../../test/oauth-service.ts'

let setUp: ConnectedStack
beforeAll(async () => {
  setUp = await startConnectedStack()
})
afterEach(() => setUp.makeHonest())
afterAll(() => setUp.stop())

describe('what is kept', () => {
  test('is unreadable in the database, and bound to the session by a state that is not in it', async () => {
    const { service, keyId } = setUp
    const { client, userId } = await signUp(setUp.stack)
    const authorize = await beginConnection(client, service.id)
    const state = new URL(authorize).searchParams.get('state') ?? ''
    await connect(client, service)
    service.behaviour.keys.set('key-of-the-database', 'ada')
    await pasteKey(client, keyId, 'key-of-the-database')
    const dump = JSON.stringify([await setUp.rowsOf(userId), await setUp.stack.sql('SELECT * FROM verification')])
    for (const secret of [...service.secrets(), state]) expect(dump).not.toContain(secret)
    expect((await setUp.rowsOf(userId)).map(({ idToken }) => idToken)).toEqual([null, null])
  })

  test('is no way to sign in: not listed as one, not removed as one, and no reason to remove the last one', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service)
    const accounts = (await (await client.get('/api/auth/list-accounts')).json()) as { providerId: string }[]
    expect(accounts.map(({ providerId }) => providerId)).toEqual(['credential'])
    const [row] = await setUp.rowsOf(userId)
    const [password] = await setUp.stack.sql<{ id: string }>(
      `SELECT id FROM account WHERE "userId" = $1 AND "providerId" = 'credential'`,
      [userId],
    )
    const unlink = (accountId: unknown) => client.post('/api/auth/unlink-account', { body: { accountId } })
    expect(await codeOf(await unlink(row?.id))).toEqual([400, 'ACCOUNT_NOT_FOUND'])
    expect(await codeOf(await unlink(password?.id))).toEqual([400, 'FAILED_TO_UNLINK_LAST_ACCOUNT'])
    expect(await setUp.rowsOf(userId)).toHaveLength(1)
  })

  test('is handed out by no path of better-auth', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service)
    const [row] = await setUp.rowsOf(userId)
    const providerId = `connected:${service.id}`
    for (const path of ['/get-access-token', '/refresh-token']) {
      for (const body of [{ providerId }, { providerId, accountId: row?.id }, { accountId: row?.id }]) {
        const response = await client.post(`/api/auth${path}`, { body })
        expect([path, response.status]).toEqual([path, 400])
      }
    }
    expect((await client.get(`/api/auth/account-info?accountId=${row?.id}`)).status).toBe(400)
  })

  test('is in no response to any GET, and in no line of the log', async () => {
    const { service, keyId } = setUp
    const { client } = await signUp(setUp.stack)
    await connect(client, service)
    service.behaviour.keys.set('key-of-the-responses', 'ada')
    await pasteKey(client, keyId, 'key-of-the-responses')
    await pasteKey(client, keyId, 'key-that-is-refused')
    const { betterAuthEndpoints } = await import('../../test/endpoints.ts')
    const paths = betterAuthEndpoints().filter(({ methods }) => methods.includes('GET'))
    const own = [PATH, ...['session', 'devices', 'activity', 'features'].map((name) => `/api/auth/${name}`)]
    const texts: string[] = []
    for (const path of [...own, ...paths.map(({ path }) => `/api/auth${path.replace(/:\w+/g, service.id)}`)]) {
      const response = await client.get(path)
      texts.push(JSON.stringify([...response.headers]) + (await response.text()))
      if (path === '/api/auth/sign-out') throw new Error('the session would be gone')
    }
    expect(texts.length).toBeGreaterThan(10)
    const secrets = [...service.secrets(), 'key-that-is-refused', 'a secret']
    for (const text of [...texts, ...setUp.stack.lines]) {
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
  })
})

describe('where a user is deleted', () => {
  test('the connection ends at the service', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service)
    const token = service.secrets().at(-1) ?? ''
    const revoked = service.count('revoke')
    expect((await client.post('/api/auth/delete-user', { body: { password: PASSWORD } })).status).toBe(200)
    await expect.poll(() => service.count('revoke')).toBe(revoked + 1)
    expect(service.requests.at(-1)?.body.get('token_type_hint')).toBe('refresh_token')
    expect(service.takes(token)).toBe(false)
    expect(await setUp.rowsOf(userId)).toEqual([])
  })

  test('and the service cannot be told, the user is deleted all the same', async () => {
    const { service } = setUp
    const { client, userId } = await signUp(setUp.stack)
    await connect(client, service)
    service.behaviour.fails.set('revoke', { status: 503, body: {} })
    expect((await client.post('/api/auth/delete-user', { body: { password: PASSWORD } })).status).toBe(200)
    await expect.poll(() => setUp.stack.lines.join('')).toContain('a connection could not be revoked at its service')
    expect(await setUp.stack.sql('SELECT FROM "user" WHERE id = $1', [userId])).toEqual([])
  })

  test('that does not happen, nothing ends', async () => {
    const { service } = setUp
    const { client } = await signUp(setUp.stack)
    await connect(client, service)
    const revoked = service.count('revoke')
    expect((await client.post('/api/auth/delete-user', { body: { password: 'not the password' } })).status).toBe(400)
    expect(await connectionTo(client, service.id)).not.toBeNull()
    expect(service.count('revoke')).toBe(revoked)
  })
})
