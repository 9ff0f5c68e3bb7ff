import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUp } from '../../../test/authenticator.ts'
import { type Client, PASSWORD, signUp } from '../../../test/client.ts'
import { UNLIMITED } from '../../../test/harness.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import { addPasskey, PasskeyDevice } from '../../../test/passkey-device.ts'
import { signInAt, startTestProvider, type TestProvider } from '../../../test/provider.ts'
import { somebody } from '../../../test/provider-stack.ts'
import { eventsOf } from '../../../test/recorded.ts'
import { until } from '../../../test/until.ts'

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

const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15'

async function user() {
  const signedUp = await signUp(stack)
  await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [signedUp.userId])
  return signedUp
}

const subjectsTo = (email: string) => stack.mail.to(email).map(({ subject }) => subject)

describe('the owner gets a mail about a changed way to sign in', () => {
  const change = (path: string, body: object) => async (client: Client) => {
    const response = await client.post(`/api/auth${path}`, { body, headers: { 'user-agent': SAFARI } })
    expect(response.status, await response.clone().text()).toBe(200)
    return (await response.json()) as Record<string, unknown>
  }

  test('a second factor that is turned on, new backup codes, one that is used, and off again', async () => {
    const { client, email, userId } = await user()
    const { app } = await setUp(client)
    await change('/two-factor/verify-totp', { code: app.code() })(client)
    const { backupCodes } = await change('/two-factor/generate-backup-codes', { password: PASSWORD })(client)
    const [code] = backupCodes as string[]
    await change('/two-factor/disable', { password: PASSWORD, code })(client)

    await until(() => subjectsTo(email).length === 4)
    expect(subjectsTo(email).toSorted()).toEqual([
      'A backup code was used',
      'New backup codes were created',
      'Two-factor authentication is off',
      'Two-factor authentication is on',
    ])
    for (const { text } of stack.mail.to(email)) {
      expect(text).toContain('Device: Safari on macOS')
      expect(text).toContain('/account#activity')
    }
    const types = (await eventsOf(stack, userId)).map(({ type }) => type)
    expect(types.slice(1).filter((type) => type !== 'session-revoked')).toEqual([
      ...['second-factor-enabled', 'backup-codes-created', 'backup-code-used', 'second-factor-disabled'],
    ])
  })

  test('a passkey that is added and removed, by its name as text', async () => {
    const { client, email, userId } = await user()
    const name = '<b>Phone</b>” at evil\nRead this'
    const { id } = await addPasskey(client, name)
    await change('/passkey/update-passkey', { id, name: 'Work phone' })(client)
    await change('/passkey/delete-passkey', { id })(client)

    await until(() => subjectsTo(email).length === 2)
    // Several are sent at once: any may arrive first.
    const [added, removed] = stack.mail.to(email).toSorted((one, other) => (one.subject < other.subject ? -1 : 1))
    expect([added?.subject, removed?.subject]).toEqual(['A passkey was added', 'A passkey was removed'])
    expect(added?.text).toContain("The passkey “<b>Phone</b>' at evil Read this” was added")
    expect(added?.html).toContain('&#60;b&#62;Phone&#60;/b&#62;')
    expect(added?.html).not.toContain('<b>')
    expect(removed?.text).toContain('The passkey “Work phone” was removed')
    const events = (await eventsOf(stack, userId)).slice(1)
    expect(events.map(({ type, details }) => [type, details])).toEqual([
      ['passkey-added', { name }],
      ['passkey-renamed', { name: 'Work phone' }],
      ['passkey-removed', { name: 'Work phone' }],
    ])
  })

  test('to an address that nobody has confirmed, without words that the user has chosen', async () => {
    const { client, email } = await signUp(stack)
    await addPasskey(client, 'You have won, call me')
    const { text, html } = await stack.mail.next(email)
    expect(text).toContain('A passkey was added to your account')
    expect(text + html).not.toContain('You have won')
  })

  test('a provider that is connected and removed, and a password that is removed, by their names', async () => {
    const { client, email } = await user()
    const person = somebody()
    const unlink = async (providerId: string) => {
      const accounts = (await (await client.get('/api/auth/list-accounts')).json()) as Record<string, string>[]
      const accountId = accounts.find((account) => account.providerId === providerId)?.id
      await change('/unlink-account', { accountId })(client)
    }
    await signInAt(client, provider, person, { path: '/link-social' })
    await unlink(provider.id)
    await signInAt(client, provider, person, { path: '/link-social' })
    await unlink('credential')
    await until(() => subjectsTo(email).length === 4)
    const texts = stack.mail.to(email).map(({ text }) => text)
    const { name } = provider.settings
    for (const said of [`opened with ${name} too`, `no longer be opened with ${name}`, 'opened with a password']) {
      expect(texts.some((text) => text.includes(said))).toBe(true)
    }
  })
})

test('a change that cannot be recorded, or told, does not happen', async () => {
  const { client, userId } = await user()
  for (const table of ['audit_event', 'mailOutbox']) {
    await stack.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
    await stack.sql(`CREATE TRIGGER refuse BEFORE INSERT ON "${table}" FOR EACH ROW EXECUTE FUNCTION refuse()`)
    const response = await client.get('/api/auth/passkey/generate-register-options')
    const body = { response: new PasskeyDevice().create((await response.json()) as { challenge: string }), name: 'x' }
    const added = await client.post('/api/auth/passkey/verify-registration', { body })
    await stack.sql('DROP FUNCTION refuse CASCADE')
    expect(added.status).toBe(500)
    expect(await stack.sql('SELECT FROM passkey WHERE "userId" = $1', [userId])).toEqual([])
  }
})
