import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInHalf, signUpWithApp } from '../../test/authenticator.ts'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { UNLIMITED } from '../../test/harness.ts'
import { type MailedStack, startMailedStack } from '../../test/mailed.ts'
import { addPasskey, signInOptions, signInWith } from '../../test/passkey-device.ts'
import { signInAt, startTestProvider, type TestProvider } from '../../test/provider.ts'
import { somebody } from '../../test/provider-stack.ts'
import { eventsOf } from '../../test/recorded.ts'
import { until } from '../../test/until.ts'

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

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'

/** With a sign-in that is over, so that the next one is not the first. */
async function user() {
  const signedUp = await signUp(stack)
  await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [signedUp.userId])
  await signIn(signedUp.email)
  return signedUp
}

async function signIn(email: string, client = createClient(stack), headers: Record<string, string> = {}) {
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD }, headers })
  expect(response.status).toBe(200)
  return client
}

const subjectsTo = (email: string) => stack.mail.to(email).map(({ subject }) => subject)
const waitingFor = (userId: string) =>
  stack.sql<{ kind: string; data: string; seconds: number }>(
    `SELECT kind, data, date_part('epoch', "nextAttemptAt" - now()) AS seconds FROM "mailOutbox" WHERE "userId" = $1`,
    [userId],
  )
const newDevicesOf = async (userId: string) =>
  (await eventsOf(stack, userId)).filter(({ type, details }) => type === 'signed-in' && details?.newDevice === true)

/** Of what comes before it, everything is sent by then: mails go in their order, one after the other for a user of their own. */
async function nothingTo(email: string, userId: string): Promise<void> {
  await until(async () => (await waitingFor(userId)).length === 0)
  expect(subjectsTo(email)).toEqual([])
}

describe('a sign-in', () => {
  test('in a new browser is told, with browser, system, address, time, and the way to the devices', async () => {
    const { email } = await user()
    await signIn(email, createClient(stack), {
      ...{ 'user-agent': FIREFOX, 'x-real-ip': '203.0.113.7', 'accept-language': 'de' },
    })
    const { subject, text, html } = await stack.mail.next(email)
    expect(subject).toBe('Neue Anmeldung in Ihrem Konto')
    for (const part of ['Gerät: Firefox auf Windows', 'Adresse: 203.0.113.7', '/account#devices', ' UTC']) {
      expect(text).toContain(part)
      expect(html).toContain(part)
    }
  })

  test('that a sign-up ends with, and one in the same browser again, are not', async () => {
    const { email, userId, client } = await signUp(stack)
    await client.post('/api/auth/sign-out')
    await signIn(email, client)
    await client.post('/api/auth/sign-out')
    await signIn(email, client)
    await nothingTo(email, userId)
    expect(await newDevicesOf(userId)).toEqual([])
  })

  test('a day after the sign-up is told, also if it is the first', async () => {
    const { email, userId } = await signUp(stack)
    await stack.sql(`UPDATE audit_event SET "createdAt" = now() - interval '25 hours' WHERE "userId" = $1`, [userId])
    await signIn(email)
    expect((await stack.mail.next(email)).subject).toBe('New sign-in to your account')
  })

  test('of a user who signed up more than a day ago sends a mail, whatever is recorded', async () => {
    const { email, userId } = await signUp(stack)
    await stack.sql(`UPDATE "user" SET "createdAt" = now() - interval '25 hours' WHERE id = $1`, [userId])
    await signIn(email)
    expect((await stack.mail.next(email)).subject).toBe('New sign-in to your account')
  })

  test('with a wrong password is not', async () => {
    const { email, userId } = await user()
    const body = { email, password: 'not the password' }
    expect((await createClient(stack).post('/api/auth/sign-in/email', { body })).status).toBe(401)
    await nothingTo(email, userId)
  })

  test('with a second factor is told when it is complete, not before', async () => {
    const ada = await signUpWithApp(stack)
    await stack.sql(`UPDATE audit_event SET "createdAt" = now() - interval '25 hours' WHERE "userId" = $1`, [
      ada.userId,
    ])
    const { client } = await signInHalf(stack, ada.email)
    expect(await newDevicesOf(ada.userId)).toEqual([])
    expect((await client.post('/api/auth/two-factor/verify-totp', { body: { code: ada.app.code() } })).status).toBe(200)
    expect(await newDevicesOf(ada.userId)).toHaveLength(1)
    await until(() => subjectsTo(ada.email).includes('New sign-in to your account'))
  })

  test('at a provider, and with a passkey, makes the browser known too', async () => {
    const { client, email, userId } = await user()
    const { device } = await addPasskey(client)
    const person = somebody()
    await signInAt(client, provider, person, { path: '/link-social' })

    const byPasskey = createClient(stack)
    const withPasskey = async () =>
      expect((await signInWith(byPasskey, device.get(await signInOptions(byPasskey)))).status).toBe(200)
    await withPasskey()
    const byProvider = createClient(stack)
    await signInAt(byProvider, provider, person)
    expect(await newDevicesOf(userId)).toHaveLength(2)
    await withPasskey()
    await signInAt(byProvider, provider, person)
    await signIn(email, byProvider)
    expect(await newDevicesOf(userId)).toHaveLength(2)
  })

  test('at a provider that makes the account is not told', async () => {
    const person = somebody()
    await signInAt(createClient(stack), provider, person)
    const [made] = await stack.sql<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [person.email])
    expect(await newDevicesOf(made?.id ?? '')).toEqual([])
    await nothingTo(person.email, made?.id ?? '')
  })

  test('by an administrator as the user is not told as one', async () => {
    const [admin, { email, userId }] = [await user(), await user()]
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
    expect((await admin.client.post('/api/auth/admin/impersonate-user', { body: { userId } })).status).toBe(200)
    await nothingTo(email, userId)
  })
})

test('of many new browsers one is told at once, and the last of the others ten minutes later', async () => {
  const { email, userId } = await user()
  for (const host of [1, 2, 3, 4, 5]) await signIn(email, createClient(stack), { 'x-real-ip': `203.0.113.${host}` })
  await stack.mail.next(email)
  // One that is being delivered is due again after 5 minutes, until the delivery has decided.
  const delivered = async () => (await waitingFor(userId)).every(({ seconds }) => seconds > 300)
  await until(async () => (await waitingFor(userId)).length === 1 && (await delivered()))
  const [waiting] = await waitingFor(userId)
  expect(JSON.parse(waiting?.data ?? '')).toMatchObject({ ipAddress: '203.0.113.5' })
  expect(waiting?.seconds).toBeLessThanOrEqual(600)
  expect(subjectsTo(email)).toHaveLength(1)

  await stack.coolDown()
  await stack.sql(`UPDATE "mailOutbox" SET "nextAttemptAt" = now() WHERE "userId" = $1`, [userId])
  stack.mail.behave('accept')
  // Whatever else is written wakes the worker.
  await signIn((await user()).email)
  expect((await stack.mail.next(email, 2)).text).toContain('Address: 203.0.113.5')
})

test('a mail that the mail server does not take is tried again, and not held back by its own attempt', async () => {
  const { email, userId } = await user()
  stack.mail.behave(451)
  await signIn(email)
  await until(async () => {
    const [waiting] = await stack.sql<{ attempts: number }>('SELECT attempts FROM "mailOutbox" WHERE "userId" = $1', [
      userId,
    ])
    return waiting?.attempts === 1 && (await waitingFor(userId)).every(({ seconds }) => seconds < 60)
  })
  stack.mail.behave('accept')
  await stack.sql(`UPDATE "mailOutbox" SET "nextAttemptAt" = now() WHERE "userId" = $1`, [userId])
  await signIn((await user()).email)
  expect((await stack.mail.next(email)).subject).toBe('New sign-in to your account')
})
