import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, sessionIdOf } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { checked, ENDED, exchanged, IN_A_WEEK, importWithToken, makeToken, OLD_SECRET } from '../../test/old-tokens.ts'
import { OldTokens } from '../old-tokens/old-tokens.ts'
import { endOldTokensWithSessions } from './ended-old-tokens.ts'
import type { Endpoint } from './endpoint.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET })
})
afterAll(() => stack.stop())

const exchange = (token: string, headers?: Record<string, string>) => exchanged(stack, token, headers)
const imported = (claims?: Record<string, unknown>) => importWithToken(stack, claims)

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

  test('also those that the old system issues afterwards', async () => {
    const { id, client } = await signedIn()
    await client.post('/api/auth/revoke-other-sessions')
    await stack.sql(
      `UPDATE "oldTokenEnd" SET "issuedBefore" = "issuedBefore" - interval '3 days' WHERE "userId" = $1`,
      [id],
    )
    const later = await makeToken({ sub: id, jti: 'later' })
    expect(await checked(stack, later)).toEqual(ENDED)
    const { client: other, body } = await exchange(later)
    expect([body.code, other.jar.size]).toEqual(['OLD_TOKEN_ENDED', 0])
  })

  test('also one of those that is being exchanged then', async () => {
    const { id, client } = await signedIn()
    const oldTokens = new OldTokens({ ...stack, pool: stack.pools.sessions, registry: new Registry() })
    const claimed = await oldTokens.claim(await makeToken({ sub: id, jti: 'third' }), () => undefined)
    const sessionId = await sessionIdOf(client)
    await oldTokens.endAll(id, sessionId)
    await stack.sql(
      `UPDATE "oldTokenEnd" SET "issuedBefore" = "issuedBefore" - interval '3 days' WHERE "userId" = $1`,
      [id],
    )
    await expect(oldTokens.keep(claimed.token, sessionId)).rejects.toMatchObject({ code: 'OLD_TOKEN_ENDED' })
    expect((await client.check()).status).toBe(401)
  })

  test('for longer than any setting lets a token count, whatever the settings are now', async () => {
    const { id, client } = await signedIn()
    await client.post('/api/auth/revoke-other-sessions')
    const rows = await stack.sql(
      `SELECT "tokenId" IS NULL AS "isOfAll", "expiresAt" > now() + interval '367 days' AS "isKept",
              "expiresAt" > $2::timestamptz + interval '367 days' AS "isKeptAfterTheEnd"
         FROM "oldTokenEnd" WHERE "userId" = $1 ORDER BY "createdAt"`,
      [id, IN_A_WEEK],
    )
    expect(rows).toEqual([
      { isOfAll: false, isKept: true, isKeptAfterTheEnd: true },
      { isOfAll: true, isKept: true, isKeptAfterTheEnd: true },
    ])
  })

  test('also where the sessions have ended, and what came after failed', async () => {
    const { id, second } = await signedIn()
    const endpoint = { methods: ['POST'], session: 'used', password: 'changed', mayEndSessions: true, limit: 'default' }
    const oldTokens = new OldTokens({ ...stack, pool: stack.pools.sessions, registry: new Registry() })
    const ended: string[] = []
    const end = endOldTokensWithSessions({
      endAll: async (userId, session) => {
        ended.push(userId)
        await oldTokens.endAll(userId, session)
      },
    })
    const handled = { endpoint: endpoint as Endpoint, body: {} }
    await end(new Response(null, { status: 500 }), { ...handled, observed: { endedFor: id } })
    await end(new Response(null, { status: 400 }), { ...handled, observed: {} })
    expect(ended).toEqual([id])
    expect(await checked(stack, second)).toEqual(ENDED)
  })

  test('where they cannot be ended, a changed password has ended the sessions all the same', async () => {
    const { id, client } = await signedIn()
    await stack.sql(`ALTER TABLE "oldTokenEnd" ADD CONSTRAINT broken CHECK ("userId" <> '${id}') NOT VALID`)
    try {
      const admin = await administrator()
      const body = { userId: id, newPassword: 'another horse battery' }
      const response = await admin.post('/api/auth/admin/set-user-password', { body })
      expect(response.status).toBe(500)
      expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])).toEqual([])
      expect((await client.check()).status).toBe(401)
    } finally {
      await stack.sql('ALTER TABLE "oldTokenEnd" DROP CONSTRAINT broken')
    }
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
