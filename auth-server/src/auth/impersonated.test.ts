import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUp, signUpWithApp } from '../../test/authenticator.ts'
import { type Client, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { UNLIMITED } from '../../test/harness.ts'
import { type MailedStack, startMailedStack } from '../../test/mailed.ts'
import { addPasskey, PasskeyDevice } from '../../test/passkey-device.ts'
import { startTestProvider, type TestProvider } from '../../test/provider.ts'
import { ENDPOINTS } from './endpoints.ts'

let provider: TestProvider
let stack: MailedStack
beforeAll(async () => {
  provider = await startTestProvider()
  stack = await startMailedStack({ ...UNLIMITED, OIDC_PROVIDERS: JSON.stringify([provider.settings]) })
})
afterAll(async () => {
  await stack.stop()
  await provider.stop()
})

async function actAs(userId: string): Promise<Client> {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  const response = await admin.client.post('/api/auth/admin/impersonate-user', { body: { userId } })
  expect(response.status).toBe(200)
  return admin.client
}

type Row = Record<string, unknown>
async function stateOf(userId: string): Promise<Row[]> {
  const tables = ['account', 'passkey', 'twoFactor', 'trustedDevice']
  const rows = await Promise.all(
    tables.map((table) => stack.sql<Row>(`SELECT * FROM "${table}" WHERE "userId" = $1 ORDER BY id`, [userId])),
  )
  return [...rows.flat(), ...(await stack.sql<Row>('SELECT * FROM "user" WHERE id = $1', [userId]))]
}

const NEW = 'another good password'
const CALLBACKS = { callbackURL: '/', errorCallbackURL: '/', newUserCallbackURL: '/', disableRedirect: true }

/** With the user's own password too: an administrator may know it, who has set it. */
const attempts: Record<string, (ids: Record<string, string>) => object> = {
  '/change-password': () => ({ currentPassword: PASSWORD, newPassword: NEW }),
  '/change-email': () => ({ newEmail: 'mallory@example.com' }),
  '/delete-user': () => ({ password: PASSWORD }),
  '/two-factor/enable': () => ({ password: PASSWORD }),
  '/two-factor/verify-totp': () => ({ code: '000000' }),
  '/two-factor/disable': () => ({ password: PASSWORD, code: '000000' }),
  '/two-factor/generate-backup-codes': () => ({ password: PASSWORD }),
  '/two-factor/forget-device': () => ({ id: 'x' }),
  '/passkey/verify-registration': () => ({ response: new PasskeyDevice().create({ challenge: 'x' }), name: 'x' }),
  '/passkey/delete-passkey': ({ passkey = '' }) => ({ id: passkey }),
  '/passkey/update-passkey': ({ passkey = '' }) => ({ id: passkey, name: 'Mallory' }),
  '/link-social': () => ({ provider: provider.id, ...CALLBACKS }),
  '/unlink-account': ({ account = '' }) => ({ accountId: account }),
  '/refresh-token': ({ account = '' }) => ({ accountId: account, providerId: 'x' }),
  '/get-access-token': ({ account = '' }) => ({ accountId: account, providerId: 'x' }),
}

describe('an administrator who acts as a user may not', () => {
  test.each(Object.entries(attempts))('%s', async (path, bodyOf) => {
    const { client: owner, userId } = await signUp(stack)
    await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [userId])
    const { id: passkey } = await addPasskey(owner)
    const [account] = await stack.sql<{ id: string }>('SELECT id FROM account WHERE "userId" = $1', [userId])
    const admin = await actAs(userId)
    const before = await stateOf(userId)
    const body = bodyOf({ passkey, account: account?.id ?? '' })
    const response = await admin.post(`/api/auth${path}`, { body })
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: 'NOT_WHILE_IMPERSONATING', message: expect.any(String) },
    ])
    expect(await stateOf(userId)).toEqual(before)
    expect(await stack.sql(`SELECT FROM "mailOutbox" WHERE recipient = 'mallory@example.com'`)).toEqual([])
  })

  test.each(['/passkey/generate-register-options', '/delete-user/callback?token=x'])('%s', async (path) => {
    const { userId } = await signUp(stack)
    const response = await (await actAs(userId)).get(`/api/auth${path}`)
    expect(response.status).toBe(403)
  })

  test('what this server has a row for', () => {
    const rows = Object.entries(ENDPOINTS).filter(([, { ownerOnly }]) => ownerOnly)
    const tried = [...Object.keys(attempts), '/passkey/generate-register-options', '/delete-user/callback']
    expect(rows.map(([path]) => path).toSorted()).toEqual(tried.toSorted())
  })
})

test('turning off a second factor that is on is refused too', async () => {
  const ada = await signUpWithApp(stack)
  const admin = await actAs(ada.userId)
  const body = { password: PASSWORD, code: ada.backupCodes[0] }
  expect((await admin.post('/api/auth/two-factor/disable', { body })).status).toBe(403)
  expect((await ada.client.check()).status).toBe(200)
})

test('what only reads, and the end of it, work', async () => {
  const { userId } = await signUp(stack)
  const admin = await actAs(userId)
  for (const path of ['list-accounts', 'passkey/list-user-passkeys', 'two-factor/state', 'devices']) {
    expect((await admin.get(`/api/auth/${path}`)).status).toBe(200)
  }
  expect((await admin.post('/api/auth/admin/stop-impersonating')).status).toBe(200)
  const own = await setUp(admin)
  expect(own.backupCodes).toHaveLength(10)
})

test('a user who signs in themselves does all of it', async () => {
  const { email } = await signUp(stack)
  const client = createClient(stack)
  await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  await addPasskey(client)
  const body = { currentPassword: PASSWORD, newPassword: NEW }
  expect((await client.post('/api/auth/change-password', { body })).status).toBe(200)
})
