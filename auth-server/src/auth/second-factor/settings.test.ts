import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInHalf, signUpWithApp } from '../../../test/authenticator.ts'
import { type Client, checkSession, PASSWORD, signUp } from '../../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../../test/harness.ts'
import { eventsOf } from '../../../test/recorded.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

const error = (code: string) => ({ code, message: expect.any(String) })
const NEW = 'another good password'
const VERIFY = '/api/auth/two-factor/verify-totp'
const BACKUP = '/api/auth/two-factor/verify-backup-code'
const DISABLE = '/api/auth/two-factor/disable'
const resultOf = async (response: Response) => [response.status, await response.json()]

type WithApp = Awaited<ReturnType<typeof signUpWithApp>>
async function half({ email }: WithApp): Promise<Client> {
  return (await signInHalf(stack, email)).client
}

describe('a changed password', () => {
  test('ends the sign-ins that were begun with the old one, and the trust in devices', async () => {
    const ada = await signUpWithApp(stack)
    const trusted = await half(ada)
    await trusted.post(VERIFY, { body: { code: ada.app.code(), trustDevice: true } })
    await trusted.post('/api/auth/sign-out')
    const begun = await half(ada)
    const body = { currentPassword: PASSWORD, newPassword: NEW }
    expect((await ada.client.post('/api/auth/change-password', { body })).status).toBe(200)

    // Of who changed it, the session goes on, and has shown the second factor.
    const checked = await ada.client.check()
    expect([checked.status, await checked.json()]).toEqual([
      200,
      expect.objectContaining({ session: expect.objectContaining({ secondFactorAt: expect.any(String) }) }),
    ])
    expect((await begun.post(VERIFY, { body: { code: ada.app.code(1) } })).status).toBe(401)
    const again = await trusted.post('/api/auth/sign-in/email', { body: { email: ada.email, password: NEW } })
    expect(await again.json()).toMatchObject({ twoFactorRedirect: true })
  })

  test('ends a sign-in that is begun with the old one at that moment', async () => {
    const ada = await signUpWithApp(stack)
    // What a sign-in finds that has verified the old password and is not done yet.
    await stack.sql(`CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE public.account SET password = 'changed' WHERE "userId" = '${ada.userId}'; RETURN NEW; END $$`)
    await stack.sql(`CREATE TRIGGER change BEFORE INSERT ON verification FOR EACH ROW
      WHEN (NEW.value LIKE '%${ada.userId}') EXECUTE FUNCTION change()`)
    const { response } = await signInHalf(stack, ada.email)
    await stack.sql('DROP FUNCTION change CASCADE')
    expect(await resultOf(response)).toEqual([401, error('INVALID_EMAIL_OR_PASSWORD')])
    expect(await stack.sql('SELECT FROM verification WHERE value LIKE $1', [`%${ada.userId}`])).toEqual([])
  })
})

describe('turning it off', () => {
  test.each([
    ['no code', () => ({ password: PASSWORD }), 400],
    ['a wrong code', ({ app }: WithApp) => ({ password: PASSWORD, code: app.wrongCode() }), 401],
    ['a wrong backup code', () => ({ password: PASSWORD, code: 'aaaa-bbbb-cccc-dddd' }), 401],
    ['no password', ({ app }: WithApp) => ({ code: app.code() }), 400],
    ['a wrong password', ({ app }: WithApp) => ({ code: app.code(), password: 'not the password' }), 400],
  ])('with %s is refused', async (_what, bodyOf, status) => {
    const ada = await signUpWithApp(stack)
    expect((await ada.client.post(DISABLE, { body: bodyOf(ada) })).status).toBe(status)
    const { response } = await signInHalf(stack, ada.email)
    expect(await response.json()).toMatchObject({ twoFactorRedirect: true })
  })

  test('as a field of the user changes nothing', async () => {
    const ada = await signUpWithApp(stack)
    await ada.client.post('/api/auth/update-user', { body: { name: 'Ada', twoFactorEnabled: false } })
    const { response: signedIn } = await signInHalf(stack, ada.email)
    expect(await signedIn.json()).toMatchObject({ twoFactorRedirect: true })
  })

  test.each([
    ['a code', ({ app }: WithApp) => app.code()],
    ['a backup code', ({ backupCodes }: WithApp) => backupCodes[3]],
  ])(
    'with %s ends the other sessions and the trust in devices, and asks for no code any more',
    async (_what, codeOf) => {
      const ada = await signUpWithApp(stack)
      const other = await half(ada)
      // First: where a half minute begins in between, it would be the one that is used up here.
      const code = codeOf(ada)
      await other.post(VERIFY, { body: { code: ada.app.code(1), trustDevice: true } })
      expect((await ada.client.post(DISABLE, { body: { password: PASSWORD, code } })).status).toBe(200)

      expect([(await ada.client.check()).status, (await other.check()).status]).toEqual([200, 401])
      const { session } = (await (await ada.client.check()).json()) as { session: { secondFactorAt: null } }
      expect(session.secondFactorAt).toBeNull()
      expect(await stack.sql('SELECT FROM "trustedDevice" WHERE "userId" = $1', [ada.userId])).toEqual([])
      const { response } = await signInHalf(stack, ada.email)
      expect(await response.json()).toHaveProperty('token')
    },
  )
})

describe('the account page', () => {
  test('lists the trusted devices without what opens them, and forgets one of the own alone', async () => {
    const [ada, mallory] = [await signUpWithApp(stack), await signUpWithApp(stack)]
    const client = await half(ada)
    const headers = { 'user-agent': 'A browser of Ada' }
    await client.post(VERIFY, { body: { code: ada.app.code(), trustDevice: true }, headers })
    const stateOf = async (of: Client) => (await (await of.get('/api/auth/two-factor/state')).json()) as State
    type State = { trustedDevices: { id: string }[] }
    const state = await stateOf(client)
    expect(state).toEqual({
      ...{ isEnabled: true, hasPassword: true, backupCodesLeft: 10 },
      trustedDevices: [
        {
          id: expect.any(String),
          userAgent: 'A browser of Ada',
          createdAt: expect.any(String),
          expiresAt: expect.any(String),
          isCurrent: true,
        },
      ],
    })
    const [device] = state.trustedDevices
    const forget = (of: Client) => of.post('/api/auth/two-factor/forget-device', { body: { id: device?.id } })
    expect(await resultOf(await forget(mallory.client))).toEqual([404, error('TRUSTED_DEVICE_NOT_FOUND')])
    expect((await forget(ada.client)).status).toBe(200)
    expect((await forget(ada.client)).status).toBe(404)
    expect((await stateOf(client)).trustedDevices).toEqual([])
    // Once each: what was refused is in nobody's activity.
    const typesOf = async ({ userId }: WithApp) => (await eventsOf(stack, userId)).map(({ type }) => type)
    const ofDevices = (types: string[]) => types.filter((type) => /^device-(?:trusted|forgotten)$/.test(type))
    expect(ofDevices(await typesOf(ada))).toEqual(['device-trusted', 'device-forgotten'])
    expect(ofDevices(await typesOf(mallory))).toEqual([])
  })

  test('makes new backup codes, and the old ones open nothing', async () => {
    const ada = await signUpWithApp(stack)
    const path = '/api/auth/two-factor/generate-backup-codes'
    expect((await ada.client.post(path, { body: { password: 'not the password' } })).status).toBe(400)
    const response = await ada.client.post(path, { body: { password: PASSWORD } })
    const { backupCodes } = (await response.json()) as { backupCodes: string[] }
    expect(backupCodes).toHaveLength(10)
    for (const code of backupCodes) expect(code).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/)
    expect((await (await half(ada)).post(BACKUP, { body: { code: ada.backupCodes[0] } })).status).toBe(401)
    expect((await (await half(ada)).post(BACKUP, { body: { code: backupCodes[0] } })).status).toBe(200)
  })

  test('of a user without a password asks for a sign-in of a moment ago', async () => {
    const { client, userId } = await signUp(stack)
    await stack.sql('DELETE FROM account WHERE "userId" = $1', [userId])
    const enable = () => client.post('/api/auth/two-factor/enable')
    expect((await enable()).status).toBe(200)
    await stack.sql(`UPDATE session SET "createdAt" = now() - interval '11 minutes' WHERE "userId" = $1`, [userId])
    expect(await resultOf(await enable())).toEqual([403, error('SESSION_NOT_FRESH')])
  })
})

describe('an administrator', () => {
  async function acting(admin: { client: Client; userId: string }, userId: string) {
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
    const response = await admin.client.post('/api/auth/admin/impersonate-user', { body: { userId } })
    return response.headers.get('set-auth-token') ?? ''
  }
  const sessionOf = async (bearer: string) =>
    ((await (await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })).json()) as Checked).session
  type Checked = { session: { userId: string; secondFactorAt: string | null } }

  test('acts as a user who has a second factor, and has shown what they showed themselves', async () => {
    const ada = await signUpWithApp(stack)
    expect(await sessionOf(await acting(await signUp(stack), ada.userId))).toMatchObject({
      ...{ userId: ada.userId, secondFactorAt: null },
    })
    expect(await sessionOf(await acting(await signUpWithApp(stack), ada.userId))).toMatchObject({
      ...{ userId: ada.userId, secondFactorAt: expect.any(String) },
    })
  })
})
