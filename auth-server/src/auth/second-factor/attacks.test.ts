import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInHalf, signUpWithApp } from '../../../test/authenticator.ts'
import { type Client, createClient } from '../../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../../test/harness.ts'
import { addResetToken } from '../../../test/reset-token.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

const error = (code: string) => ({ code, message: expect.any(String) })
const NEW = 'another good password'
const VERIFY = '/api/auth/two-factor/verify-totp'
const BACKUP = '/api/auth/two-factor/verify-backup-code'
const resultOf = async (response: Response) => [response.status, await response.json()]
const countOf = (statuses: number[], status: number) => statuses.filter((other) => other === status).length
const atOnce = <T>(count: number, act: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)))

type WithApp = Awaited<ReturnType<typeof signUpWithApp>>
async function half({ email }: WithApp): Promise<Client> {
  return (await signInHalf(stack, email)).client
}

describe('of 50 at once', () => {
  test('one signs in with a code of the app, each in a sign-in of its own', async () => {
    const ada = await signUpWithApp(stack)
    const clients = await atOnce(8, () => half(ada))
    const code = ada.app.code()
    const responses = await atOnce(50, (index) => (clients[index % 8] as Client).post(VERIFY, { body: { code } }))
    expect(
      countOf(
        responses.map(({ status }) => status),
        200,
      ),
    ).toBe(1)
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [ada.userId])).toHaveLength(2)
  }, 60_000)

  test('one signs in with a backup code, each in a sign-in of its own', async () => {
    const ada = await signUpWithApp(stack)
    const clients = await atOnce(12, () => half(ada))
    const [code] = ada.backupCodes
    const responses = await atOnce(50, (index) => (clients[index % 12] as Client).post(BACKUP, { body: { code } }))
    expect(
      countOf(
        responses.map(({ status }) => status),
        200,
      ),
    ).toBe(1)
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [ada.userId])).toHaveLength(2)
    const state = await (await ada.client.get('/api/auth/two-factor/state')).json()
    expect(state).toMatchObject({ backupCodesLeft: 9 })
  }, 60_000)

  test('backup codes that differ each sign in, whichever is written first', async () => {
    const ada = await signUpWithApp(stack)
    const clients = await atOnce(10, () => half(ada))
    const responses = await atOnce(10, (index) =>
      (clients[index] as Client).post(BACKUP, { body: { code: ada.backupCodes[index] } }),
    )
    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(200))
  }, 60_000)

  test('one is continued by a sign-in that was begun once', async () => {
    const ada = await signUpWithApp(stack)
    const client = await half(ada)
    const headers = { cookie: client.cookieHeader() }
    const codes = [ada.app.code(0), ada.app.code(1)]
    const responses = await Promise.all(
      codes.map((code) => createClient(stack).post(VERIFY, { body: { code }, headers })),
    )
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 401])
  })

  test('ten wrong codes are looked at, and after them a right one is not', async () => {
    const ada = await signUpWithApp(stack)
    const clients = await atOnce(12, () => half(ada))
    const wrong = await atOnce(48, (index) =>
      (clients[index % 12] as Client).post(VERIFY, { body: { code: ada.app.wrongCode() } }),
    )
    const statuses = wrong.map(({ status }) => status)
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([10, 38])
    const locked = await (await half(ada)).post(VERIFY, { body: { code: ada.app.code() } })
    expect(await resultOf(locked)).toEqual([429, error('ACCOUNT_TEMPORARILY_LOCKED')])
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800)
  }, 60_000)
})

describe('a code', () => {
  test('of the app is right once, also in the next sign-in', async () => {
    const ada = await signUpWithApp(stack)
    const code = ada.app.code()
    expect((await (await half(ada)).post(VERIFY, { body: { code } })).status).toBe(200)
    const again = await (await half(ada)).post(VERIFY, { body: { code } })
    expect(await resultOf(again)).toEqual([401, error('INVALID_CODE')])
  })

  test.each([-2, 2])('of %i half minutes from now is not right', async (ahead) => {
    const ada = await signUpWithApp(stack)
    const attempt = async (): Promise<number> => {
      const client = await half(ada)
      const now = ada.app.code()
      const { status } = await client.post(VERIFY, { body: { code: ada.app.code(ahead) } })
      // Where a half minute began on the way, it was a code of another distance.
      return ada.app.code() === now ? status : attempt()
    }
    expect(await attempt()).toBe(401)
  })

  test.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '-12345', '1e5'])('%j is refused', async (code) => {
    const ada = await signUpWithApp(stack)
    const response = await (await half(ada)).post(VERIFY, { body: { code } })
    expect(await resultOf(response)).toEqual([401, error('INVALID_CODE')])
  })

  test.each([undefined, null, 123_456, ['123456'], 'x'.repeat(65)])('%j is no code', async (code) => {
    const ada = await signUpWithApp(stack)
    expect((await (await half(ada)).post(VERIFY, { body: { code } })).status).toBe(400)
  })

  test('is taken five times for one sign-in, which then begins again', async () => {
    const ada = await signUpWithApp(stack)
    const client = await half(ada)
    for (let tries = 0; tries < 5; tries++) {
      expect((await client.post(BACKUP, { body: { code: 'wrong' } })).status).toBe(401)
    }
    const sixth = await client.post(BACKUP, { body: { code: ada.backupCodes[0] } })
    expect(await resultOf(sixth)).toEqual([400, error('TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE')])
    expect(client.jar.has('better-auth.two_factor')).toBe(false)
    expect((await (await half(ada)).post(BACKUP, { body: { code: ada.backupCodes[0] } })).status).toBe(200)
  })

  test('of another user is wrong', async () => {
    const [ada, mallory] = [await signUpWithApp(stack), await signUpWithApp(stack)]
    expect((await (await half(ada)).post(VERIFY, { body: { code: mallory.app.code() } })).status).toBe(401)
    const [code] = mallory.backupCodes
    expect((await (await half(ada)).post(BACKUP, { body: { code } })).status).toBe(401)
  })

  test('without a sign-in that was begun opens nothing, with a forged one neither', async () => {
    const ada = await signUpWithApp(stack)
    const body = { code: ada.app.code() }
    for (const cookie of ['', 'better-auth.two_factor=2fa-guess', 'better-auth.two_factor=2fa-guess.AAAA']) {
      const response = await createClient(stack).post(VERIFY, { body, headers: { cookie } })
      expect(await resultOf(response)).toEqual([401, error('INVALID_TWO_FACTOR_COOKIE')])
    }
    // Whoever is signed in gets no second place to guess.
    expect((await ada.client.post(VERIFY, { body })).status).toBe(401)
  })

  test('from a page of another site is refused', async () => {
    const ada = await signUpWithApp(stack)
    const client = await half(ada)
    const headers = { origin: 'https://evil.example' }
    expect((await client.post(VERIFY, { body: { code: ada.app.code() }, headers })).status).toBe(403)
  })
})

describe('an owner whose codes somebody else has locked', () => {
  async function lockedOut() {
    const ada = await signUpWithApp(stack)
    const attackers = [await half(ada), await half(ada)]
    for (let tries = 0; tries < 10; tries++) {
      await attackers[tries % 2]?.post(VERIFY, { body: { code: ada.app.wrongCode() } })
    }
    expect((await (await half(ada)).post(VERIFY, { body: { code: ada.app.code() } })).status).toBe(429)
    return ada
  }

  test('signs in with a backup code', async () => {
    const ada = await lockedOut()
    expect((await (await half(ada)).post(BACKUP, { body: { code: ada.backupCodes[0] } })).status).toBe(200)
  })

  test('signs in with a code after a new password', async () => {
    const ada = await lockedOut()
    const token = await addResetToken(stack, ada.userId)
    await createClient(stack).post('/api/auth/reset-password', { body: { token, newPassword: NEW } })
    const client = createClient(stack)
    await client.post('/api/auth/sign-in/email', { body: { email: ada.email, password: NEW } })
    expect((await client.post(VERIFY, { body: { code: ada.app.code(1) } })).status).toBe(200)
  })

  test('signs in on a device that they trust', async () => {
    const ada = await signUpWithApp(stack)
    const own = await half(ada)
    await own.post(VERIFY, { body: { code: ada.app.code(), trustDevice: true } })
    await own.post('/api/auth/sign-out')
    for (let tries = 0; tries < 12; tries++) {
      await (await half(ada)).post(VERIFY, { body: { code: ada.app.wrongCode() } })
    }
    const { response } = await signInHalf(stack, ada.email, own)
    expect(await response.json()).toHaveProperty('token')
  }, 40_000)
})
