import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { type ConnectedStack, startConnectedStack, withTokens } from '../../test/connected-stack.ts'
import { readContract } from '../../test/contract.ts'
import { startTestServer } from '../../test/harness.ts'
import { type ErrorCode, HttpError } from '../errors.ts'

let setUp: ConnectedStack
let tokens: ReturnType<typeof withTokens>
beforeAll(async () => {
  setUp = await startConnectedStack()
  tokens = withTokens(setUp)
})
afterEach(() => setUp.makeHonest())
afterAll(() => setUp.stop())

describe('a token', () => {
  test('is handed out as it was stored, and the service is not asked', async () => {
    const { userId, token } = await tokens.connected()
    const asked = setUp.service.requests.length
    const answer = await tokens.ask(userId)
    expect(answer).toMatchObject({ status: 200, accessToken: token, expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect(setUp.service.takes(token)).toBe(true)
    expect(setUp.service.requests).toHaveLength(asked)
  })

  test('of a service that names no end has none', async () => {
    setUp.service.behaviour.expiresIn = undefined
    const { userId, token } = await tokens.connected()
    expect(await tokens.ask(userId)).toMatchObject({ status: 200, accessToken: token, expiresAt: null })
  })

  test('that was pasted is handed out as it is', async () => {
    const { client, userId } = await signUp(setUp.stack)
    await client.post('/api/auth/connected-services/unchecked/key', { body: { key: 'a-pasted-key' } })
    expect(await tokens.ask(userId, 'unchecked')).toMatchObject({
      status: 200,
      accessToken: 'a-pasted-key',
      expiresAt: null,
    })
  })

  test('that is due is refreshed, and the new one is good', async () => {
    const { userId, token } = await tokens.connected()
    await tokens.makeDue(userId)
    const { status, accessToken = '' } = await tokens.ask(userId)
    expect([status, setUp.service.takes(accessToken)]).toEqual([200, true])
    expect(accessToken).not.toBe(token)
    expect(await tokens.ask(userId)).toMatchObject({ accessToken })
  })

  test('is refreshed again and again, with the refresh token that came last', async () => {
    const { userId } = await tokens.connected()
    const found = new Set<string>()
    for (let time = 0; time < 5; time++) {
      await tokens.makeDue(userId)
      found.add((await tokens.ask(userId)).accessToken ?? '')
    }
    expect(found.size).toBe(5)
    for (const token of found) expect(setUp.service.takes(token)).toBe(true)
  })

  test('is refreshed a minute before its end, and no earlier', async () => {
    const { userId, token } = await tokens.connected()
    await tokens.set(
      userId,
      `"accessTokenExpiresAt" = now() + interval '70 seconds', "updatedAt" = now() - interval '1 hour'`,
    )
    expect(await tokens.ask(userId)).toMatchObject({ accessToken: token })
    await tokens.set(
      userId,
      `"accessTokenExpiresAt" = now() + interval '50 seconds', "updatedAt" = now() - interval '1 hour'`,
    )
    expect((await tokens.ask(userId)).accessToken).not.toBe(token)
  })

  test('that lasts for half a minute is not refreshed with every request', async () => {
    setUp.service.behaviour.expiresIn = 30
    const { userId, token } = await tokens.connected()
    expect(await tokens.ask(userId)).toMatchObject({ status: 200, accessToken: token })
  })
})

test('every code that auth_sidecar knows is one of this server’s, with its status', () => {
  const { errors } = readContract<{ errors: Record<string, number> }>('access-token')
  for (const [code, status] of Object.entries(errors)) expect(new HttpError(code as ErrorCode).status).toBe(status)
})

test('a response has the fields of the contract', async () => {
  const { userId } = await tokens.connected()
  const { response } = readContract<{ response: object }>('access-token')
  const { status: _, retryAfter: __, ...body } = await tokens.ask(userId)
  expect(Object.keys(body)).toEqual(Object.keys(response))
})

describe('nothing is handed out', () => {
  test('to a service without the internal token', async () => {
    const { userId } = await tokens.connected()
    const response = await fetch(`${setUp.stack.internalUrl}/internal/access-token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId, service: setUp.service.id }),
    })
    expect(response.status).toBe(403)
    expect((await fetch(`${setUp.stack.url}/internal/access-token`, { method: 'POST' })).status).toBe(404)
  })

  test('for a user who has not connected the service, whoever else has', async () => {
    await tokens.connected()
    const { userId } = await signUp(setUp.stack)
    expect(await tokens.ask(userId)).toMatchObject({ status: 409, code: 'SERVICE_NOT_CONNECTED' })
  })

  test('for a service that is not configured', async () => {
    const { userId } = await tokens.connected()
    expect(await tokens.ask(userId, 'none')).toMatchObject({ status: 404, code: 'SERVICE_NOT_FOUND' })
  })

  test('for a user who is signed in nowhere any more', async () => {
    const { client, userId } = await tokens.connected()
    await client.post('/api/auth/sign-out')
    expect(await tokens.ask(userId)).toMatchObject({ status: 401, code: 'SESSION_EXPIRED' })
  })

  test('for a user whose only session has not shown the second factor', async () => {
    const { userId } = await tokens.connected()
    await setUp.stack.sql('UPDATE "user" SET "twoFactorEnabled" = true WHERE id = $1', [userId])
    expect(await tokens.ask(userId)).toMatchObject({ status: 401, code: 'SESSION_EXPIRED' })
  })

  test('for a user who is banned', async () => {
    const { userId } = await tokens.connected()
    await setUp.stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    expect(await tokens.ask(userId)).toMatchObject({ status: 401, code: 'BANNED_USER' })
  })

  test('for nobody', async () => {
    expect(await tokens.ask(randomUUID())).toMatchObject({ status: 401, code: 'SESSION_EXPIRED' })
    for (const id of ['', 'x'.repeat(300), null, 1, { $ne: 1 }, undefined])
      expect(await tokens.ask(id)).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
  })
})

describe('what cannot be decrypted is not known, and stays', () => {
  test('where the key of its version is missing', async () => {
    const { userId, token } = await tokens.connected()
    const other = await startTestServer({
      ...setUp.stack.variables,
      ENCRYPTION_KEYS: `2:${'fedcba9876543210'.repeat(4)}`,
    })
    try {
      expect(await tokens.ask(userId, setUp.service.id, other)).toMatchObject({
        ...{ status: 503, code: 'CONNECTION_UNREADABLE', retryAfter: '1' },
      })
      await tokens.makeDue(userId)
      const refreshed = setUp.service.count('token')
      expect(await tokens.ask(userId, setUp.service.id, other)).toMatchObject({
        status: 503,
        code: 'CONNECTION_UNREADABLE',
      })
      expect(setUp.service.count('token')).toBe(refreshed)
    } finally {
      await other.stop()
    }
    expect((await tokens.ask(userId)).accessToken).not.toBe(token)
  })

  test.each(['accessToken', 'refreshToken'])('where %s was copied from the row of another user', async (column) => {
    const [victim, thief] = [await tokens.connected(), await tokens.connected()]
    await tokens.set(
      thief.userId,
      `"${column}" = (SELECT "${column}" FROM account WHERE id = '${(await tokens.rowOf(victim.userId))?.id}')`,
    )
    if (column === 'refreshToken') await tokens.makeDue(thief.userId)
    expect(await tokens.ask(thief.userId)).toMatchObject({ status: 503, code: 'CONNECTION_UNREADABLE' })
    expect(setUp.stack.lines.join('')).toContain('it was changed, belongs to another row')
    expect((await tokens.ask(victim.userId)).status).toBe(200)
  })
})

test('while the database is unavailable nobody knows', async () => {
  const { userId } = await tokens.connected()
  await setUp.stack.proxy.refuse()
  try {
    expect(await tokens.ask(userId)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' })
  } finally {
    await setUp.stack.proxy.pass()
  }
  expect((await tokens.ask(userId)).status).toBe(200)
})
