import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUpWithApp } from '../../../test/authenticator.ts'
import { createClient, signUp } from '../../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../../test/harness.ts'
import {
  addPasskey,
  PasskeyDevice,
  registrationOptions,
  signInOptions,
  signInWith,
} from '../../../test/passkey-device.ts'
import { hasPasskeys } from './passkey.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

const error = (code: string) => ({ code, message: expect.any(String) })
const resultOf = async (response: Response) => [response.status, await response.json()]
const sessionsOf = (userId: string) =>
  stack.sql<{ secondFactorAt: Date | null }>('SELECT "secondFactorAt" FROM session WHERE "userId" = $1', [userId])

async function signIn(device: PasskeyDevice, changes: Parameters<PasskeyDevice['get']>[1] = {}) {
  const client = createClient(stack)
  const response = await signInWith(client, device.get(await signInOptions(client), changes))
  return { client, response }
}

describe('a passkey', () => {
  test('signs in without an address and a password, and counts as two factors', async () => {
    const { client: owner, userId } = await signUp(stack)
    const { device } = await addPasskey(owner)
    const { client, response } = await signIn(device)
    expect(await resultOf(response)).toEqual([
      200,
      { token: response.headers.get('set-auth-token'), user: expect.objectContaining({ id: userId }) },
    ])
    const checked = (await (await client.check()).json()) as { session: { secondFactorAt: string | null } }
    expect(checked.session.secondFactorAt).not.toBeNull()
  })

  test('of a user with an authenticator app is enough', async () => {
    const ada = await signUpWithApp(stack)
    const { device } = await addPasskey(ada.client)
    const { client, response } = await signIn(device)
    expect([response.status, (await client.check()).status]).toEqual([200, 200])
  })

  test('is listed with when it was used, renamed and removed by its owner alone', async () => {
    const [{ client: owner }, { client: stranger }] = [await signUp(stack), await signUp(stack)]
    const { device, id } = await addPasskey(owner, 'Phone')
    await signIn(device)
    const list = async () => (await (await owner.get('/api/auth/passkey/list-user-passkeys')).json()) as object[]
    expect(await list()).toMatchObject([{ id, name: 'Phone', lastUsedAt: expect.any(String) }])

    for (const [path, body] of [
      ['update-passkey', { id, name: 'Mine' }],
      ['delete-passkey', { id }],
    ] as const) {
      expect((await stranger.post(`/api/auth/passkey/${path}`, { body })).status).toBe(401)
    }
    const name = 'x'.repeat(200)
    await owner.post('/api/auth/passkey/update-passkey', { body: { id, name } })
    expect(await list()).toMatchObject([{ id, name: 'x'.repeat(100) }])
    expect((await owner.post('/api/auth/passkey/delete-passkey', { body: { id } })).status).toBe(200)
    expect((await signIn(device)).response.status).toBe(401)
  })

  test('is not removed where it is the last way in', async () => {
    const { client, userId } = await signUp(stack)
    const [one, other] = [await addPasskey(client), await addPasskey(client)]
    await stack.sql('DELETE FROM account WHERE "userId" = $1', [userId])
    const remove = (id: string) => client.post('/api/auth/passkey/delete-passkey', { body: { id } })
    expect((await remove(one.id)).status).toBe(200)
    expect(await resultOf(await remove(other.id))).toEqual([400, error('LAST_WAY_IN')])
    expect((await signIn(other.device)).response.status).toBe(200)
  })

  test('is added by a user who signed in a moment ago, or has a password', async () => {
    const { client, userId } = await signUp(stack)
    await stack.sql(`UPDATE session SET "createdAt" = now() - interval '11 minutes' WHERE "userId" = $1`, [userId])
    await addPasskey(client)
    await stack.sql('DELETE FROM account WHERE "userId" = $1', [userId])
    const response = await client.get('/api/auth/passkey/generate-register-options')
    expect(await resultOf(response)).toEqual([403, error('SESSION_NOT_FRESH')])
  })
})

describe('refused is', () => {
  test.each([
    ['a device that did not check who holds it', { isUserVerified: false }, 401],
    ['a page of another site', { origin: 'https://evil.example' }, 400],
    ['a key for another site', { rpId: 'evil.example' }, 400],
    ['a challenge of its own', { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }, 400],
  ])('%s, at the sign-in', async (_what, changes, status) => {
    const { client: owner, userId } = await signUp(stack)
    const { device } = await addPasskey(owner)
    expect((await signIn(device, changes)).response.status).toBe(status)
    expect(await sessionsOf(userId)).toHaveLength(1)
  })

  test.each([
    ['a device that did not check who holds it', { isUserVerified: false }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a key for another site', { rpId: 'evil.example' }],
    ['a challenge of its own', { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('%s, when it is added', async (_what, changes) => {
    const { client, userId } = await signUp(stack)
    const response = new PasskeyDevice().create(await registrationOptions(client), changes)
    const added = await client.post('/api/auth/passkey/verify-registration', { body: { response } })
    expect(added.status).toBeGreaterThanOrEqual(400)
    expect(await stack.sql('SELECT FROM passkey WHERE "userId" = $1', [userId])).toEqual([])
  })

  test('the same sign-in again, also where fifty requests bring it at once', async () => {
    const { client: owner, userId } = await signUp(stack)
    const { device } = await addPasskey(owner)
    const client = createClient(stack)
    const response = device.get(await signInOptions(client))
    const headers = { cookie: client.cookieHeader() }
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const body = { response }
        const sent = { body, headers }
        return (await createClient(stack).post('/api/auth/passkey/verify-authentication', sent)).status
      }),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await sessionsOf(userId)).toHaveLength(2)
  })

  test('a passkey of another user, with the challenge of the victim', async () => {
    const [ada, mallory] = [await signUp(stack), await signUp(stack)]
    const { device } = await addPasskey(ada.client)
    const { device: other } = await addPasskey(mallory.client)
    const client = createClient(stack)
    const signed = other.get(await signInOptions(client))
    expect((await signInWith(client, { ...signed, id: device.id, rawId: device.id })).status).toBe(401)
    expect(await sessionsOf(ada.userId)).toHaveLength(1)
  })

  test('a passkey that is somebody’s already', async () => {
    const [ada, mallory] = [await signUp(stack), await signUp(stack)]
    const { device } = await addPasskey(ada.client)
    const response = device.create(await registrationOptions(mallory.client))
    const added = await mallory.client.post('/api/auth/passkey/verify-registration', { body: { response } })
    expect(added.status).toBe(409)
  })

  test.each([{}, { id: 'x' }, { id: { $ne: '' } }, { id: 'x', response: {} }, [], 'x', null])(
    'junk: %j',
    async (response) => {
      const client = createClient(stack)
      await signInOptions(client)
      const { status } = await signInWith(client, response)
      expect([400, 401]).toContain(status)
    },
  )
})

test.each([
  ['https://app.example.com', true],
  ['http://localhost:3000', true],
  ['http://app.example.com', false],
  ['https://192.0.2.1', false],
  ['http://127.0.0.1:3000', false],
  ['https://[::1]', false],
])('%s has passkeys: %s', (PUBLIC_URL, expected) => {
  expect(hasPasskeys({ PUBLIC_URL })).toBe(expected)
})
