import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, PASSWORD, signUp } from '../../../test/client.ts'
import { startTestStack } from '../../../test/harness.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import { until } from '../../../test/until.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

const newAddress = () => `${randomUUID()}@example.com`
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code
const confirm = (token: string) => stack.somebody().post('/change-email/confirm', { token })

async function user({ emailVerified = true, signedInMinutesAgo = 0 } = {}) {
  const made = await signUp(stack)
  await stack.sql('UPDATE "user" SET "emailVerified" = $2 WHERE id = $1', [made.userId, emailVerified])
  await stack.sql(`UPDATE session SET "createdAt" = now() - make_interval(mins => $2) WHERE "userId" = $1`, [
    made.userId,
    signedInMinutesAgo,
  ])
  const post = (path: string, body: Record<string, unknown>) => made.client.post(`/api/auth${path}`, { body })
  const check = async () => {
    const response = await checkSession(stack.internalUrl, { authorization: `Bearer ${made.bearer}` })
    return response.status === 200
      ? ((await response.json()) as { user: { email: string } }).user.email
      : response.status
  }
  return { ...made, post, check }
}

describe('an address is changed', () => {
  test('when the old one and the new one have confirmed it, and the old one is told', async () => {
    const { email, post, check } = await user()
    const newEmail = newAddress()
    expect(await (await post('/change-email', { newEmail })).json()).toEqual({ status: true, confirmAt: 'old' })
    const old = await stack.link(email)
    expect([old.page, stack.mail.to(newEmail)]).toEqual(['/change-email', []])

    expect(await (await confirm(old.token)).json()).toEqual({ status: true, confirmAt: 'new' })
    expect(await check()).toBe(email)
    expect((await confirm(old.token)).status).toBe(400)
    const { token } = await stack.link(newEmail)

    expect(await (await confirm(token)).json()).toEqual({ status: true, confirmAt: null })
    expect(await check()).toBe(newEmail)
    const told = await stack.mail.next(email, 2)
    expect([told.subject, told.text]).toEqual(['Your email address was changed', expect.stringContaining(newEmail)])
    expect((await confirm(token)).status).toBe(400)
    expect((await stack.signIn(newEmail)).status).toBe(200)
  })

  test('by one of fifty racing requests with one link', async () => {
    const { email, post } = await user()
    await post('/change-email', { newEmail: newAddress() })
    const { token } = await stack.link(email)
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await confirm(token)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  test('by the new one alone where the old one was never confirmed', async () => {
    const { email, post, check } = await user({ emailVerified: false })
    const newEmail = newAddress()
    expect(await (await post('/change-email', { newEmail })).json()).toEqual({ status: true, confirmAt: 'new' })
    await confirm((await stack.link(newEmail)).token)
    expect(await check()).toBe(newEmail)
    expect((await stack.mail.next(email)).subject).toBe('Your email address was changed')
  })

  test('to none that is taken: the response is the same, and its owner is told', async () => {
    const [{ email, post, check }, other] = [await user(), await user()]
    expect(await (await post('/change-email', { newEmail: other.email })).json()).toEqual({
      status: true,
      confirmAt: 'old',
    })
    await confirm((await stack.link(email)).token)
    expect((await stack.mail.next(other.email)).subject).toBe('You already have an account')
    expect(await check()).toBe(email)
  })

  test('by the newest link only, and by none from before a change of the password', async () => {
    const { email, post } = await user()
    const [first, second] = [newAddress(), newAddress()]
    await post('/change-email', { newEmail: first })
    const older = await stack.link(email)
    await stack.coolDown()
    await post('/change-email', { newEmail: second })
    const newer = await stack.link(email, 2)
    await post('/change-password', { currentPassword: PASSWORD, newPassword: 'a password that is new' })
    expect([(await confirm(older.token)).status, (await confirm(newer.token)).status]).toEqual([400, 400])
  })

  test('only with the password, where the sign-in was not just now', async () => {
    const { email, post } = await user({ signedInMinutesAgo: 11 })
    const newEmail = newAddress()
    const refused = await post('/change-email', { newEmail })
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'SESSION_NOT_FRESH'])
    const wrong = await post('/change-email', { newEmail, password: 'not the password' })
    expect([wrong.status, await codeOf(wrong)]).toEqual([400, 'INVALID_PASSWORD'])
    expect(stack.mail.to(email)).toEqual([])
    expect((await post('/change-email', { newEmail, password: PASSWORD })).status).toBe(200)
    await stack.link(email)
  })

  test('to itself it is refused', async () => {
    const { email, post } = await user()
    expect(await codeOf(await post('/change-email', { newEmail: email.toUpperCase() }))).toBe('EMAIL_IS_THE_SAME')
  })
})

describe('an account is deleted', () => {
  test('by the mailed link, in a session of its user; then it is told', async () => {
    const { email, post, check } = await user()
    const asked = await post('/delete-user', { password: PASSWORD })
    expect(await asked.json()).toEqual({ success: true, message: 'Verification email sent' })
    const { page, token } = await stack.link(email)
    expect([page, await check()]).toEqual(['/delete-account', email])

    const thief = await user()
    expect((await thief.post('/delete-user', { token })).status).toBe(400)
    expect((await stack.somebody().post('/delete-user', { token })).status).toBe(401)
    expect((await stack.somebody().get(`/delete-user/callback?token=${token}`)).status).toBe(404)
    expect(await check()).toBe(email)

    const deleted = await post('/delete-user', { token })
    expect(await deleted.json()).toEqual({ success: true, message: 'User deleted' })
    expect(await check()).toBe(401)
    expect((await stack.mail.next(email, 2)).subject).toBe('Your account was deleted')
    expect((await stack.signIn(email)).status).toBe(401)
  })

  test('only with the password, where the sign-in was not just now', async () => {
    const { email, post } = await user({ signedInMinutesAgo: 11 })
    expect(await codeOf(await post('/delete-user', {}))).toBe('SESSION_NOT_FRESH')
    expect(await codeOf(await post('/delete-user', { password: 'not the password' }))).toBe('INVALID_PASSWORD')
    expect(stack.mail.to(email)).toEqual([])
  })

  test('by one of twenty racing requests', async () => {
    const { email, post } = await user()
    await post('/delete-user', {})
    const { token } = await stack.link(email)
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await post('/delete-user', { token })).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    await stack.mail.next(email, 2)
    expect(stack.mail.to(email)).toHaveLength(2)
  })

  test('not where other data keeps it, and then no mail says that it was', async () => {
    const { email, userId, post, check } = await user()
    await stack.sql('CREATE TABLE IF NOT EXISTS keeps ("userId" text REFERENCES "user"(id))')
    await stack.sql('INSERT INTO keeps VALUES ($1)', [userId])
    await post('/delete-user', {})
    const { token } = await stack.link(email)
    const waiting = () => stack.sql('SELECT FROM "mailOutbox" WHERE recipient = $1', [email])
    // The row of a mail goes a moment after the mail has arrived.
    await until(async () => (await waiting()).length === 0)
    const refused = await post('/delete-user', { token })
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'DELETION_BLOCKED'])
    expect(await check()).toBe(email)
    expect([await waiting(), stack.mail.to(email).length]).toEqual([[], 1])
  })
})

test('whoever changes the password is told, and everybody else is signed out', async () => {
  const { email, post, check } = await user()
  const elsewhere = (await stack.signIn(email)).headers.get('set-auth-token')
  await post('/change-password', { currentPassword: PASSWORD, newPassword: 'a password that is new' })
  const { subject, text } = await stack.mail.next(email)
  expect([subject, text]).toEqual(['Your password was changed', expect.stringMatching(/UTC/)])
  expect(await check()).toBe(401)
  expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${elsewhere}` })).status).toBe(401)
})

test('without a mail server what needs mails is refused, and an account is deleted by its password', async () => {
  const plain = await startTestStack()
  try {
    const { client } = await signUp(plain)
    const post = async (path: string, body: Record<string, unknown>) =>
      codeOf(await client.post(`/api/auth${path}`, { body }))
    expect(await post('/request-password-reset', { email: newAddress() })).toBe('RESET_PASSWORD_DISABLED')
    expect(await post('/send-verification-email', { email: newAddress() })).toBe('VERIFICATION_EMAIL_NOT_ENABLED')
    expect(await post('/change-email', { newEmail: newAddress() })).toBe('CHANGE_EMAIL_DISABLED')
    const deleted = await client.post('/api/auth/delete-user', { body: { password: PASSWORD } })
    expect(await deleted.json()).toEqual({ success: true, message: 'User deleted' })
    expect(await plain.sql('SELECT FROM "mailOutbox"')).toEqual([])
  } finally {
    await plain.stop()
  }
})
