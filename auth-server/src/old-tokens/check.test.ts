import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, signUp } from '../../test/client.ts'
import { readContract } from '../../test/contract.ts'
import { startTestStack } from '../../test/harness.ts'
import { startMailedStack } from '../../test/mailed.ts'
import {
  checked,
  GOOD,
  IN_A_WEEK,
  importUser,
  makeToken,
  nowSeconds,
  OLD_SECRET,
  STRICT,
} from '../../test/old-tokens.ts'
import { OldTokens } from './old-tokens.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(STRICT)
})
afterAll(() => stack.stop())

const make = (claims: Record<string, unknown>, how?: Parameters<typeof makeToken>[1]) =>
  makeToken({ ...GOOD, ...claims }, how)
const check = (token: string, headers?: Record<string, string>) => checked(stack, token, headers)
const INVALID = [401, 'INVALID_TOKEN']

describe('who is behind an old token', () => {
  test('the imported user with the id that the token names, in the form of a session', async () => {
    const { id, email } = await importUser(stack)
    const [iat, exp] = [nowSeconds() - 60, nowSeconds() + 600]
    const token = await make({ sub: id, iat, exp })

    const response = await checkSession(stack.internalUrl, { authorization: `Bearer ${token}` })

    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toBeNull()
    const body = (await response.json()) as Record<'session' | 'user', Record<string, unknown>>
    expect(body.user).toMatchObject({ id, email, emailVerified: true })
    expect(body.session).toMatchObject({
      id: expect.stringMatching(/^old-token-[0-9a-f]{64}$/),
      userId: id,
      expiresAt: new Date((exp + 30) * 1000).toISOString(),
      refreshAt: null,
      secondFactorAt: null,
    })
    const [signedInAt, dayAgo] = [Date.parse(String(body.session.createdAt)), Date.now() - 24 * 60 * 60_000]
    expect(signedInAt).toBeGreaterThan(dayAgo - 60_000)
    expect(signedInAt).toBeLessThanOrEqual(dayAgo)
    const contract = readContract<Record<'session' | 'user', object>>('identity')
    expect(Object.keys(body.session).toSorted()).toEqual(Object.keys(contract.session).toSorted())
    expect(Object.keys(body.user).toSorted()).toEqual(Object.keys(contract.user).toSorted())
  })

  test('a number names the user whose id is written like it', async () => {
    const { id } = await importUser(stack, '42')
    expect(await check(await make({ sub: 42 }))).toEqual([200, id])
    expect(await check(await make({ sub: '42' }))).toEqual([200, id])
  })

  test('one of several audiences is enough', async () => {
    const { id } = await importUser(stack)
    expect(await check(await make({ sub: id, aud: ['other', 'fastapi-users:auth'] }))).toEqual([200, id])
  })

  test('a token without iat counts, as one of unknown age', async () => {
    const { id } = await importUser(stack)
    expect(await check(await make({ sub: id, iat: undefined }))).toEqual([200, id])
  })

  test('the leeway forgives a clock that is a little off', async () => {
    const { id } = await importUser(stack)
    const now = nowSeconds()
    expect(await check(await make({ sub: id, exp: now - 20 }))).toEqual([200, id])
    expect(await check(await make({ sub: id, nbf: now + 20, iat: now + 20 }))).toEqual([200, id])
  })

  test('a user who is not here is told so', async () => {
    expect(await check(await make({ sub: randomUUID() }))).toEqual([401, 'OLD_TOKEN_USER_UNKNOWN'])
  })

  test('a banned user is out, and in again when the ban is over', async () => {
    const { id } = await importUser(stack)
    const token = await make({ sub: id })
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [id])
    expect(await check(token)).toEqual([401, 'BANNED_USER'])
    await stack.sql('UPDATE "user" SET "banExpires" = now() WHERE id = $1', [id])
    expect(await check(token)).toEqual([200, id])
  })

  test('a user who is deleted is nobody', async () => {
    const { id } = await importUser(stack)
    const token = await make({ sub: id })
    await stack.sql('DELETE FROM "user" WHERE id = $1', [id])
    expect(await check(token)).toEqual([401, 'OLD_TOKEN_USER_UNKNOWN'])
  })

  test('a user with a second factor signs in here', async () => {
    const { id } = await importUser(stack)
    await stack.sql('UPDATE "user" SET "twoFactorEnabled" = true WHERE id = $1', [id])
    expect(await check(await make({ sub: id }))).toEqual([401, 'OLD_TOKEN_SECOND_FACTOR'])
  })

  test('a token that is older says so; one of unknown age is a day old', async () => {
    const { id } = await importUser(stack)
    const twoDaysAgo = nowSeconds() - 2 * 24 * 60 * 60
    for (const [iat, expected] of [
      [twoDaysAgo, twoDaysAgo] as const,
      [undefined, nowSeconds() - 24 * 60 * 60] as const,
    ]) {
      const headers = { authorization: `Bearer ${await make({ sub: id, iat })}` }
      const { session } = (await (await checkSession(stack.internalUrl, headers)).json()) as {
        session: { createdAt: string }
      }
      expect(Math.abs(Date.parse(session.createdAt) / 1000 - expected)).toBeLessThan(30)
    }
  })

  test('beside the cookie of a session nobody knows who is meant; a cookie that opens nothing counts for nothing', async () => {
    const { id } = await importUser(stack)
    const token = await make({ sub: id })
    const { client } = await signUp(stack)
    expect(await check(token, { cookie: client.cookieHeader() })).toEqual(INVALID)
    expect(await check(token, { cookie: 'better-auth.session_token=junk.junk' })).toEqual([200, id])
  })
})

test('where addresses must be verified, a user who has not is nobody yet, and is refused a session too', async () => {
  const mailed = await startMailedStack({
    ...{ REQUIRE_EMAIL_VERIFICATION: 'true', OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET },
  })
  try {
    const { id } = await importUser(mailed)
    const token = await makeToken({ sub: id })
    expect(await checked(mailed, token)).toEqual([200, id])
    await mailed.sql('UPDATE "user" SET "emailVerified" = false WHERE id = $1', [id])
    expect(await checked(mailed, token)).toEqual([401, 'OLD_TOKEN_EMAIL_NOT_VERIFIED'])
    const headers = { authorization: `Bearer ${token}` }
    const exchanged = await fetch(`${mailed.url}/api/auth/exchange`, { method: 'POST', headers })
    expect([exchanged.status, await exchanged.json()]).toMatchObject([403, { code: 'EMAIL_NOT_VERIFIED' }])
  } finally {
    await mailed.stop()
  }
})

test('without the settings a token of any system is invalid', async () => {
  const plain = await startTestStack()
  try {
    const { id } = await importUser(plain)
    expect(await checked(plain, await makeToken({ sub: id }))).toEqual(INVALID)
  } finally {
    await plain.stop()
  }
})

test('after the last day each is refused with a code of its own, and the server has said so when it started', async () => {
  const over = await startTestStack({ OLD_TOKENS_UNTIL: '2020-02-29', OLD_TOKENS_SECRET: OLD_SECRET })
  try {
    const { id } = await importUser(over)
    expect(await checked(over, await makeToken({ sub: id }))).toEqual([401, 'OLD_TOKENS_OVER'])
    expect(over.lines.join('')).toContain('the time of old tokens is over')
    // The time may be prolonged.
    const { env, log, pools } = over
    await new OldTokens({ env, log, pool: pools.sessions, registry: new Registry() }).endAll(id, undefined)
    expect(await over.sql('SELECT FROM "oldTokenEnd" WHERE "userId" = $1', [id])).toHaveLength(1)
  } finally {
    await over.stop()
  }
})

test('with a source, a token names who was imported from there, by the id that they had there', async () => {
  const more = { OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_SECRET: OLD_SECRET, OLD_TOKENS_SOURCE: 'shop' }
  const sourced = await startTestStack(more)
  try {
    const [{ id }, other] = [await importUser(sourced, 'shop-42'), await importUser(sourced, '7')]
    await sourced.sql(
      `INSERT INTO auth_import (source, "oldId", "userId", status, run)
       VALUES ('shop', '42', 'shop-42', 'imported', 1), ('shop', '43', NULL, 'skipped', 1), ('blog', '7', '7', 'imported', 2)`,
    )
    expect(await checked(sourced, await makeToken({ sub: 42 }))).toEqual([200, id])
    for (const sub of ['43', 'shop-42', other.id])
      expect(await checked(sourced, await makeToken({ sub }))).toEqual([401, 'OLD_TOKEN_USER_UNKNOWN'])
  } finally {
    await sourced.stop()
  }
})
