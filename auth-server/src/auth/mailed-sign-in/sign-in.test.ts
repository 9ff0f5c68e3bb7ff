import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUpWithApp } from '../../../test/authenticator.ts'
import { PASSWORD, signUp } from '../../../test/client.ts'
import { linkIn } from '../../../test/mail-server.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import {
  askAndRead,
  askFor,
  codeIn,
  INVALID_OTP,
  INVALID_TOKEN,
  mailOf,
  outcomeOf,
  verifiedUser,
  wrongCode,
} from '../../../test/mailed-sign-in.ts'
import { until } from '../../../test/until.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

const byLink = (token: string, email: string, more = {}) =>
  stack.somebody().post('/magic-link/verify', { token, email, ...more })

test('a link and a code of one mail: whichever is used ends the other', async () => {
  const { email } = await verifiedUser(stack)
  const one = await askAndRead(stack, email)
  expect((await byLink(one.link.token, email)).status).toBe(200)
  const late = await one.browser.post('/sign-in/email-otp', { email, otp: one.code })
  expect(await outcomeOf(late)).toEqual(INVALID_OTP)

  const other = await askAndRead(stack, email, 2)
  expect((await other.browser.post('/sign-in/email-otp', { email, otp: other.code })).status).toBe(200)
  expect(await outcomeOf(await byLink(other.link.token, email))).toEqual(INVALID_TOKEN)
})

describe.each(['password', 'address'])('with a changed %s', (what) => {
  test('links and codes of before are of no use', async () => {
    const { email, userId, client } = await verifiedUser(stack)
    const { browser, code, link } = await askAndRead(stack, email)
    if (what === 'password') {
      const body = { currentPassword: 'correct horse battery', newPassword: 'a password that is new' }
      expect((await client.post('/api/auth/change-password', { body })).status).toBe(200)
    } else {
      const admin = await signUp(stack)
      await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
      const body = { userId, data: { email: `${randomUUID()}@example.com` } }
      expect((await admin.client.post('/api/auth/admin/update-user', { body })).status).toBe(200)
    }
    expect(await outcomeOf(await byLink(link.token, email))).toEqual(INVALID_TOKEN)
    expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: code }))).toEqual(INVALID_OTP)
  })
})

describe('a user with a second factor', () => {
  test.each(['link', 'code'])('is asked for it after the %s', async (way) => {
    const { email, userId, app } = await signUpWithApp(stack)
    await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [userId])
    const { browser, code, link } = await askAndRead(stack, email)
    const half =
      way === 'link'
        ? await browser.post('/magic-link/verify', { token: link.token, email })
        : await browser.post('/sign-in/email-otp', { email, otp: code })
    expect([half.status, await half.json()]).toEqual([200, { twoFactorRedirect: true, twoFactorMethods: ['totp'] }])
    expect((await browser.check()).status).toBe(401)
    expect((await browser.post('/two-factor/verify-totp', { code: app.code() })).status).toBe(200)
    expect((await browser.check()).status).toBe(200)
    // Used up, although there was no session yet.
    expect((await byLink(link.token, email)).status).toBe(400)
  })
})

test.each(['link', 'code'])('a banned user is not signed in by a %s', async (way) => {
  const { email, userId } = await verifiedUser(stack)
  const { browser, code, link } = await askAndRead(stack, email)
  await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
  const response =
    way === 'link'
      ? await browser.post('/magic-link/verify', { token: link.token, email })
      : await browser.post('/sign-in/email-otp', { email, otp: code })
  expect(await outcomeOf(response)).toEqual([403, 'BANNED_USER'])
  expect((await browser.check()).status).toBe(401)
})

test('what happened is recorded: the way of a sign-in, and a code that was wrong', async () => {
  const { email, userId } = await verifiedUser(stack)
  const { browser, code, link } = await askAndRead(stack, email)
  await browser.post('/sign-in/email-otp', { email, otp: wrongCode(code) })
  await browser.post('/sign-in/email-otp', { email, otp: code })
  const second = await askAndRead(stack, email, 2)
  await byLink(second.link.token, email)
  expect(link.token).not.toBe(second.link.token)
  const events = await stack.sql(
    `SELECT type, details FROM audit_event WHERE "userId" = $1 AND type LIKE 'sign%-in%' OR "userId" = $1 AND type = 'signed-in'
      ORDER BY "createdAt"`,
    [userId],
  )
  expect(events).toMatchObject([
    { type: 'sign-in-failed', details: { code: 'INVALID_OTP' } },
    { type: 'signed-in', details: { method: 'code' } },
    { type: 'signed-in', details: { method: 'link' } },
  ])
})

describe('an address without an account', () => {
  const unknown = () => `${randomUUID()}@example.com`

  test('gets the same response, the same cookie and the same work, and no mail', async () => {
    const { email } = await verifiedUser(stack)
    const nobody = unknown()
    const responses = []
    const written = []
    for (const address of [email, nobody]) {
      const before = await rows()
      const response = await stack.somebody().post('/sign-in/magic-link', { email: address })
      const [cookie = ''] = response.headers.getSetCookie()
      responses.push([response.status, await response.json(), cookie.replace(/=[\w-]{43};/, '=…;')])
      await until(
        async () => (await stack.sql('SELECT FROM "mailOutbox" WHERE recipient = $1', [address])).length === 0,
      )
      written.push((await rows()).map((count, index) => count - (before[index] ?? 0)))
    }
    expect(responses[0]).toEqual(responses[1])
    expect(responses[0]).toEqual([200, { status: true }, expect.stringContaining('HttpOnly')])
    expect(written[0]).toEqual(written[1])
    expect(stack.mail.to(nobody)).toEqual([])
  })

  /** Without what a test before may have left to send: mails that tell of its sign-ins. */
  async function rows(): Promise<number[]> {
    const [row] = await stack.sql<{ limits: number; users: number }>(
      `SELECT (SELECT count(*)::int FROM "rateLimit" WHERE key LIKE 'mail|%' AND key NOT LIKE 'mail|new-sign-in|%') AS limits,
              (SELECT count(*)::int FROM "user") AS users`,
    )
    return [row?.limits ?? 0, row?.users ?? 0]
  }

  test('wrong codes do not show whether there is an account', async () => {
    const { email } = await verifiedUser(stack)
    const { browser, code } = await askAndRead(stack, email)
    const nobody = unknown()
    const stranger = await askFor(stack, nobody)
    for (let round = 0; round < 7; round += 1) {
      const known = await browser.post('/sign-in/email-otp', { email, otp: wrongCode(code) })
      const other = await stranger.post('/sign-in/email-otp', { email: nobody, otp: wrongCode(code) })
      expect([known.status, await known.json()]).toEqual([other.status, await other.json()])
      expect(names(known)).toEqual(names(other))
    }
  })

  const names = (response: Response) => [...response.headers.keys()]
})

test('whoever asks for all the mails that an address gets keeps no mail from a browser that its account knows', async () => {
  const { email } = await verifiedUser(stack)
  const owner = stack.somebody()
  await owner.post('/sign-in/email', { email, password: PASSWORD })
  await owner.post('/sign-out')
  const ask = (browser = stack.somebody()) => browser.post('/sign-in/magic-link', { email })
  for (let round = 0; round < 10; round += 1) {
    await stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|sign-in|%'`)
    await ask()
    await mailOf(stack, email, round + 1)
  }
  await stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|sign-in|%'`)
  await ask()
  expect((await ask(owner)).status).toBe(200)
  const otp = codeIn(await mailOf(stack, email, 11))
  await ask(owner)
  await until(async () => (await stack.sql('SELECT FROM "mailOutbox" WHERE recipient = $1', [email])).length === 0)
  expect(stack.mail.to(email).filter(({ subject }) => subject.startsWith('Sign in to'))).toHaveLength(11)
  expect((await owner.post('/sign-in/email-otp', { email, otp })).status).toBe(200)
})

test('a mail that may have been taken is sent again with the same link and the same code', async () => {
  const { email } = await verifiedUser(stack)
  stack.mail.behave('hang-up')
  const { browser, code, link } = await askAndRead(stack, email)
  await until(
    async () =>
      (
        await stack.sql(
          'SELECT FROM "mailOutbox" WHERE recipient = $1 AND "nextAttemptAt" < now() + interval \'1 minute\'',
          [email],
        )
      ).length === 1,
  )
  stack.mail.behave('accept')
  await stack.sql('UPDATE "mailOutbox" SET "nextAttemptAt" = now() WHERE recipient = $1', [email])
  await askFor(stack, `${randomUUID()}@example.com`) // which lets the server look
  const again = await mailOf(stack, email, 2)
  expect([codeIn(again), linkIn(again).token]).toEqual([code, link.token])
  expect((await browser.post('/sign-in/email-otp', { email, otp: code })).status).toBe(200)
})

describe('a page of another site', () => {
  test.each(['/sign-in/magic-link', '/magic-link/verify', '/sign-in/email-otp'])('may not call %s', async (path) => {
    const body = JSON.stringify({ email: 'ada@example.com', token: 'x', otp: '000000' })
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const response = await fetch(`${stack.url}/api/auth${path}`, { method: 'POST', headers, body })
    expect(await outcomeOf(response)).toEqual([403, 'INVALID_ORIGIN'])
  })
})
