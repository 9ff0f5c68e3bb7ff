import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { checked, IN_A_WEEK, importUser, makeToken, nowSeconds, OLD_SECRET } from '../../test/old-tokens.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET })
})
afterAll(() => stack.stop())

async function exchange(token: string, headers: Record<string, string> = {}) {
  const client = createClient(stack)
  const response = await client.call('POST', '/api/auth/exchange', {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { client, response, body: (await response.json()) as { code?: string; token?: string; user?: { id: string } } }
}

async function imported(claims: Record<string, unknown> = {}) {
  const { id, email } = await importUser(stack)
  return { id, email, token: await makeToken({ sub: id, ...claims }) }
}

const ENDED = [401, 'OLD_TOKEN_ENDED']

describe('who ends all sessions ends old tokens, wherever they are', () => {
  /** A user who is signed in, and has a password and another old token. */
  async function signedIn() {
    const { id, email, token } = await imported({ jti: 'first' })
    const [second, ageless] = [
      await makeToken({ sub: id, jti: 'second' }),
      await makeToken({ sub: id, iat: undefined }),
    ]
    const { client } = await exchange(token)
    const { hash } = await import('@node-rs/argon2')
    await stack.sql(
      `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       VALUES (gen_random_uuid()::text, $1, 'credential', $1, $2, now(), now())`,
      [id, await hash(PASSWORD)],
    )
    expect(await checked(stack, second)).toEqual([200, id])
    return { id, email, client, second, ageless }
  }
  type SignedIn = Awaited<ReturnType<typeof signedIn>>

  async function administrator() {
    const { id, token } = await imported()
    const { client } = await exchange(token)
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [id])
    return client
  }

  const CHANGED = { currentPassword: PASSWORD, newPassword: 'another horse battery' }
  const WAYS: Record<string, (user: SignedIn) => Promise<Response>> = {
    'the other sessions': ({ client }) => client.post('/api/auth/revoke-other-sessions'),
    'the other devices': ({ client }) => client.post('/api/auth/devices/revoke-others'),
    'all sessions': ({ client }) => client.post('/api/auth/revoke-sessions'),
    'by another password': ({ client }) =>
      client.post('/api/auth/change-password', { body: { ...CHANGED, revokeOtherSessions: true } }),
    'as an administrator': async ({ id }) =>
      (await administrator()).post('/api/auth/admin/revoke-user-sessions', { body: { userId: id } }),
    'as an administrator who sets a password': async ({ id }) =>
      (await administrator()).post('/api/auth/admin/set-user-password', {
        body: { userId: id, newPassword: 'another horse battery' },
      }),
    'as an administrator who bans and forgives': async ({ id }) => {
      const admin = await administrator()
      await admin.post('/api/auth/admin/ban-user', { body: { userId: id } })
      return admin.post('/api/auth/admin/unban-user', { body: { userId: id } })
    },
  }
  test.each(Object.entries(WAYS))('%s', async (_how, end) => {
    const user = await signedIn()
    const response = await end(user)
    expect(response.status).toBe(200)
    expect(await checked(stack, user.second)).toEqual(ENDED)
    expect(await checked(stack, user.ageless)).toEqual(ENDED)
    expect((await exchange(user.second)).body.code).toBe('OLD_TOKEN_ENDED')
  })

  test('but not those that are issued afterwards', async () => {
    const { id, client } = await signedIn()
    await client.post('/api/auth/revoke-other-sessions')
    const later = await makeToken({ sub: id, iat: nowSeconds() + 29 })
    // The leeway: the clock of the old system may be fast.
    expect(await checked(stack, later)).toEqual(ENDED)
    await stack.sql(
      `UPDATE "oldTokenEnd" SET "issuedBefore" = "issuedBefore" - interval '2 minutes' WHERE "userId" = $1`,
      [id],
    )
    expect(await checked(stack, await makeToken({ sub: id, jti: 'later' }))).toEqual([200, id])
  })

  test('and the caller stays signed in with the session that was exchanged', async () => {
    const { client } = await signedIn()
    await client.post('/api/auth/revoke-other-sessions')
    expect((await client.check()).status).toBe(200)
  })

  test('who keeps the other sessions with a new password keeps the old tokens', async () => {
    const { id, client, second } = await signedIn()
    const body = { ...CHANGED, revokeOtherSessions: false }
    expect((await client.post('/api/auth/change-password', { body })).status).toBe(200)
    expect(await checked(stack, second)).toEqual([200, id])
  })

  test('a sign-out of one session ends no other token', async () => {
    const { id, client, second } = await signedIn()
    await client.post('/api/auth/sign-out')
    expect(await checked(stack, second)).toEqual([200, id])
  })

  test('a session that is exchanged for while all others end does not survive', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, client, second } = await signedIn()
      const [{ client: other, response }] = await Promise.all([
        exchange(second),
        client.post('/api/auth/revoke-other-sessions'),
      ])
      const mine = await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])
      expect([(await other.check()).status, mine.length]).toEqual([401, 1])
      expect([200, 401]).toContain(response.status)
    }
  })
})
