import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, sessionIdOf } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import {
  checked,
  ENDED,
  exchanged,
  IN_A_WEEK,
  importWithToken,
  makeToken,
  nowSeconds,
  OLD_SECRET,
} from '../../test/old-tokens.ts'
import { subscribe } from '../../test/subscriber.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET })
})
afterAll(() => stack.stop())

const exchange = (token: string, headers?: Record<string, string>) => exchanged(stack, token, headers)
const imported = (claims?: Record<string, unknown>) => importWithToken(stack, claims)

describe('an old token', () => {
  test('becomes a session, as cookie and as bearer', async () => {
    const { id, email, token } = await imported()

    const { client, response, body } = await exchange(token)

    expect([response.status, body.user?.id]).toEqual([200, id])
    expect(body.user).toMatchObject({ id, email })
    const bearer = response.headers.get('set-auth-token') ?? ''
    expect(body.token).toBe(bearer)
    expect((await client.check()).status).toBe(200)
    expect(await checked(stack, bearer)).toEqual([200, id])
    expect((await client.get('/api/auth/devices')).status).toBe(200)
  })

  test('is used up by it, for services and for another exchange', async () => {
    const { token } = await imported()
    expect((await exchange(token)).response.status).toBe(200)

    const again = await exchange(token)

    expect([again.response.status, again.body.code]).toEqual(ENDED)
    expect(again.client.jar.size).toBe(0)
    expect(await checked(stack, token)).toEqual(ENDED)
  })

  test('is exchanged once, by however many requests at once', async () => {
    const { id, token } = await imported()

    const all = await Promise.all(Array.from({ length: 10 }, () => exchange(token)))

    expect(all.map(({ response }) => response.status).toSorted()).toEqual([200, ...Array(9).fill(401)])
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])).toHaveLength(1)
  })

  test('with another signature of the same text is the same token', async () => {
    const { token } = await imported()
    await exchange(token)
    // The last character of 43 has two bits that decode to nothing.
    const alias = token.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))
    expect((await exchange(alias)).response.status).toBe(401)
    expect((await checked(stack, alias))[0]).toBe(401)
  })

  test('is forgotten by services that have it in their caches', async () => {
    const { id, token } = await imported()
    const subscriber = await subscribe(stack)
    await exchange(token)
    expect(await subscriber.message(({ user }) => user === id)).toEqual({ type: 'revoke', user: id })
    await subscriber.close()
  })

  test.each([
    ['of a banned user', 'UPDATE "user" SET banned = true WHERE id = $1', 'BANNED_USER'],
    ['of a deleted user', 'DELETE FROM "user" WHERE id = $1', 'OLD_TOKEN_USER_UNKNOWN'],
  ])('%s is refused', async (_whose, change, code) => {
    const { id, token } = await imported()
    await stack.sql(change, [id])
    const { client, response, body } = await exchange(token)
    expect([response.status, body.code, client.jar.size]).toEqual([401, code, 0])
  })

  test('that is expired, forged or missing is refused', async () => {
    const { id, token } = await imported()
    const expired = await makeToken({ sub: id, exp: nowSeconds() - 60 })
    for (const [one, code] of [
      [expired, 'OLD_TOKEN_EXPIRED'],
      [token.slice(0, -4), 'INVALID_TOKEN'],
      ['nothing', 'INVALID_TOKEN'],
    ] as const) {
      const { response, body } = await exchange(one)
      expect([response.status, body.code]).toEqual([401, code])
    }
    const none = await createClient(stack).post('/api/auth/exchange')
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([401, 'INVALID_TOKEN'])
  })

  test('in a body, a query or a cookie is none', async () => {
    const { token } = await imported()
    const client = createClient(stack)
    for (const [path, more] of [
      ['/api/auth/exchange', { body: { token } }],
      [`/api/auth/exchange?token=${token}`, {}],
      ['/api/auth/exchange', { headers: { cookie: `better-auth.session_token=${token}` } }],
    ] as const) {
      expect((await client.post(path, more)).status).toBe(401)
    }
    expect((await client.get('/api/auth/exchange', { headers: { authorization: `Bearer ${token}` } })).status).toBe(405)
  })

  test('from a page of another site is refused, and not used up', async () => {
    const { id, token } = await imported()
    for (const headers of [
      { origin: 'https://evil.example.com' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
    ]) {
      expect((await exchange(token, headers as never)).response.status).toBe(403)
    }
    expect(await checked(stack, token)).toEqual([200, id])
  })

  test('is recorded as a sign-in', async () => {
    const { id, token } = await imported()
    const { client } = await exchange(token)
    const sessionId = await sessionIdOf(client)
    const events = await stack.sql('SELECT type, details, "sessionId" FROM audit_event WHERE "userId" = $1', [id])
    expect(events).toEqual([{ type: 'signed-in', details: { method: 'old-token', newDevice: true }, sessionId }])
  })

  test('makes no fresh sign-in: what asks for one asks again', async () => {
    const { token } = await imported()
    const { client } = await exchange(token)
    const { session } = (await (await client.get('/api/auth/session')).json()) as { session: Record<string, string> }
    expect(Date.parse(session.createdAt ?? '')).toBeLessThanOrEqual(Date.now() - 24 * 60 * 60_000)
    expect(Date.parse(session.expiresAt ?? '')).toBeGreaterThan(Date.now() + 6 * 24 * 60 * 60_000)
    const response = await client.post('/api/auth/delete-user')
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'SESSION_NOT_FRESH'])
  })

  test('of a user with a second factor leads to it, and to no session before it', async () => {
    const { id, token } = await imported()
    await stack.sql('UPDATE "user" SET "twoFactorEnabled" = true WHERE id = $1', [id])
    const { client, response, body } = await exchange(token)
    expect([response.status, body]).toEqual([200, { twoFactorRedirect: true, twoFactorMethods: ['totp'] }])
    expect([...client.jar.keys()]).toEqual(['better-auth.two_factor'])
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])).toEqual([])
    expect((await exchange(token)).body.code).toBe('OLD_TOKEN_ENDED')
  })

  test('counts no more after the session that it was exchanged for has ended', async () => {
    const { token } = await imported()
    const { client } = await exchange(token)
    await client.post('/api/auth/sign-out')
    expect(await checked(stack, token)).toEqual(ENDED)
    expect((await exchange(token)).body.code).toBe('OLD_TOKEN_ENDED')
  })
})

test('without the settings there is nothing to exchange', async () => {
  const plain = await startTestStack()
  try {
    const response = await createClient(plain).call('POST', '/api/auth/exchange', {
      headers: { authorization: 'Bearer a.b.c' },
    })
    expect(response.status).toBe(404)
  } finally {
    await plain.stop()
  }
})
