import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, createClient, PASSWORD, signUp } from '../../../test/client.ts'
import { startTestServer, startTestStack } from '../../../test/harness.ts'
import { addPasskey } from '../../../test/passkey-device.ts'
import { beginAt, comeBack, leadsTo, signInAt, startTestProvider, type TestProvider } from '../../../test/provider.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let [one, other]: TestProvider[] = []

const providers = () => {
  if (!one || !other) throw new Error('not started')
  return [one, other] as const
}

beforeAll(async () => {
  ;[one, other] = [await startTestProvider(), await startTestProvider()]
  stack = await startTestStack({
    RATE_LIMIT_DEFAULT: '100000/10',
    RATE_LIMIT_SIGN_IN: '100000/10',
    OIDC_PROVIDERS: JSON.stringify(providers().map(({ settings }) => settings)),
  })
})
afterAll(async () => {
  await stack.stop()
  for (const provider of providers()) await provider.stop()
})

type Account = { id: string; providerId: string }

const somebody = () => ({ sub: randomUUID(), email: `${randomUUID()}@example.com`, email_verified: true, name: 'Ada' })
const accountsOf = async (client: Client) => (await (await client.get('/api/auth/list-accounts')).json()) as Account[]
const idOf = async (client: Client, provider: string) =>
  (await accountsOf(client)).find(({ providerId }) => providerId === provider)?.id ?? ''
const unlink = (client: Client, accountId: string) => client.post('/api/auth/unlink-account', { body: { accountId } })
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code

const link = (client: Client, provider: TestProvider, user: object) =>
  signInAt(client, provider, { ...user }, { path: '/link-social', body: { errorCallbackURL: '/account' } })

describe('from within a session', () => {
  test.each([
    ['another address', {}],
    ['an address that is not verified', { email_verified: false }],
    ['no address', { email: undefined }],
  ])('an account with %s is linked, and signs in as the same user', async (_what, told) => {
    const [provider] = providers()
    const { client, email, userId } = await signUp(stack)
    const user = { ...somebody(), ...told }
    expect(await link(client, provider, user)).toBe('/welcome')
    const elsewhere = createClient(stack)
    // A sign-in wants an address; whose it is does not matter any more.
    await signInAt(elsewhere, provider, { ...user, email: user.email ?? 'any@example.com' })
    const session = (await (await elsewhere.get('/api/auth/session')).json()) as { user: Record<string, unknown> }
    expect(session.user).toMatchObject({ id: userId, email, emailVerified: false, name: 'Test Person' })
  })

  test('an account that another user has is not linked', async () => {
    const [provider] = providers()
    const user = somebody()
    await signInAt(createClient(stack), provider, user)
    const { client } = await signUp(stack)
    expect(await link(client, provider, user)).toBe('/account?error=account_already_linked_to_different_user')
  })

  test('that has ended in the meantime, nothing is linked', async () => {
    const [provider] = providers()
    const { client, userId } = await signUp(stack)
    const authorize = await beginAt(client, { provider: provider.id, path: '/link-social' })
    await stack.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    const response = await comeBack(client, authorize, { code: provider.grant(authorize, somebody()) })
    expect(leadsTo(response)).toBe('/sign-in?error=unable_to_link_account')
    expect(await stack.sql('SELECT FROM account WHERE "userId" = $1', [userId])).toHaveLength(1)
  })

  test('the accounts are listed without a token', async () => {
    const [provider] = providers()
    const { client } = await signUp(stack)
    await link(client, provider, somebody())
    const accounts = await accountsOf(client)
    expect(accounts.map(({ providerId }) => providerId).sort()).toEqual(['credential', provider.id].sort())
    expect(Object.keys(accounts[0] ?? {}).filter((name) => /token|password/i.test(name))).toEqual([])
  })
})

test('a session of more than a day ago connects and removes nothing', async () => {
  const [provider] = providers()
  const { client, userId } = await signUp(stack)
  await link(client, provider, somebody())
  await stack.sql(`UPDATE session SET "createdAt" = now() - interval '25 hours' WHERE "userId" = $1`, [userId])
  const body = { provider: provider.id, callbackURL: '/welcome' }
  const refused = [
    await client.post('/api/auth/link-social', { body }),
    await unlink(client, await idOf(client, provider.id)),
  ]
  for (const response of refused) expect([response.status, await codeOf(response)]).toEqual([403, 'SESSION_NOT_FRESH'])
})

test('where mails are sent, only a user whose address is verified links an account', async () => {
  const [provider] = providers()
  const server = await startTestServer({
    ...stack.variables,
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.com',
  })
  try {
    const { client, email } = await signUp(server)
    const body = { provider: provider.id, callbackURL: '/welcome' }
    const begin = () => client.post('/api/auth/link-social', { body })
    const refused = await begin()
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'EMAIL_NOT_VERIFIED'])
    await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE email = $1', [email])
    expect((await begin()).status).toBe(200)
  } finally {
    await server.stop()
  }
})

test('what is added, used and removed is recorded', async () => {
  const [provider] = providers()
  const { client, userId } = await signUp(stack)
  const user = somebody()
  await link(client, provider, user)
  await signInAt(createClient(stack), provider, user)
  await unlink(client, await idOf(client, provider.id))
  const events = await stack.sql<{ type: string; details: unknown; ipAddress: string | null }>(
    'SELECT * FROM audit_event WHERE "userId" = $1 ORDER BY "createdAt", ctid',
    [userId],
  )
  expect(events.map(({ type, details }) => [type, details])).toEqual([
    ['signed-up', null],
    ['sign-in-method-added', { provider: provider.id }],
    ['signed-in', { method: 'provider' }],
    ['sign-in-method-removed', { provider: provider.id }],
  ])
  expect(events.map(({ ipAddress }) => ipAddress)).toEqual(Array(4).fill('127.0.0.1'))
})

describe('removing a way in', () => {
  test('ends signing in there', async () => {
    const [provider] = providers()
    const { client, userId } = await signUp(stack)
    const user = somebody()
    await link(client, provider, user)
    expect((await unlink(client, await idOf(client, provider.id))).status).toBe(200)
    const elsewhere = createClient(stack)
    await signInAt(elsewhere, provider, user)
    const session = (await (await elsewhere.get('/api/auth/session')).json()) as { user: { id: string } }
    expect(session.user.id).not.toBe(userId)
  })

  test.each([
    ['there is no other', async () => undefined],
    [
      'the other is of a provider that is not configured',
      (userId: string) => addAccount(userId, { providerId: 'gone', password: null }),
    ],
    [
      'the other is a password that is not set',
      (userId: string) => addAccount(userId, { providerId: 'credential', password: null }),
    ],
  ])('is refused where %s', async (_what, prepare) => {
    const [provider] = providers()
    const client = createClient(stack)
    await signInAt(client, provider, somebody())
    const session = (await (await client.get('/api/auth/session')).json()) as { user: { id: string } }
    await prepare(session.user.id)
    const response = await unlink(client, await idOf(client, provider.id))
    expect([response.status, await codeOf(response)]).toEqual([400, 'FAILED_TO_UNLINK_LAST_ACCOUNT'])
  })

  test('is possible where a passkey is left', async () => {
    const [provider] = providers()
    const client = createClient(stack)
    await signInAt(client, provider, somebody())
    await addPasskey(client)
    expect((await unlink(client, await idOf(client, provider.id))).status).toBe(200)
  })

  const addAccount = (userId: string, { providerId, password }: { providerId: string; password: string | null }) =>
    stack.sql(
      `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       VALUES ($1, $1, $2, $3, $4, now(), now())`,
      [randomUUID(), providerId, userId, password],
    )

  test('leaves one of two that are removed at the same time, again and again', async () => {
    const [first, second] = providers()
    for (let time = 0; time < 8; time++) {
      const client = createClient(stack)
      await signInAt(client, first, somebody())
      await link(client, second, somebody())
      const ids = (await accountsOf(client)).map(({ id }) => id)
      const statuses = await Promise.all(ids.map(async (id) => (await unlink(client, id)).status))
      expect(statuses.sort()).toEqual([200, 400])
      expect(await accountsOf(client)).toHaveLength(1)
    }
  })

  test('of another user is refused', async () => {
    const [provider] = providers()
    const { client: victim } = await signUp(stack)
    await link(victim, provider, somebody())
    const { client } = await signUp(stack)
    const response = await unlink(client, await idOf(victim, provider.id))
    expect([response.status, await codeOf(response)]).toEqual([400, 'ACCOUNT_NOT_FOUND'])
    expect(await accountsOf(victim)).toHaveLength(2)
  })

  test('can be the password, where a provider is left', async () => {
    const [provider] = providers()
    const { client, email } = await signUp(stack)
    await link(client, provider, somebody())
    expect((await unlink(client, await idOf(client, 'credential'))).status).toBe(200)
    const body = { email, password: PASSWORD }
    expect((await createClient(stack).post('/api/auth/sign-in/email', { body })).status).toBe(401)
  })
})
