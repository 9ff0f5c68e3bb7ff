import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUpWithApp } from '../../../test/authenticator.ts'
import { checkSession, PASSWORD, signUp } from '../../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import { askAndRead, askFor, codeIn, mailOf } from '../../../test/mailed-sign-in.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack({ DATABASE_STATEMENT_TIMEOUT_MS: '60000' })
})
afterAll(() => stack.stop())

const WAYS = ['link', 'code'] as const

async function signInBy(way: (typeof WAYS)[number], email: string) {
  const { browser, code, link } = await askAndRead(stack, email)
  const response =
    way === 'link'
      ? await browser.post('/magic-link/verify', { token: link.token, email })
      : await browser.post('/sign-in/email-otp', { email, otp: code })
  return { browser, response }
}

describe.each(WAYS)('an account that a stranger has made with the address of somebody else, by a %s', (way) => {
  test('is its owner’s alone from the first sign-in on', async () => {
    const stranger = await signUp(stack)
    await addWaysIn(stranger.userId)
    const { response, browser } = await signInBy(way, stranger.email)

    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ isPasswordGone: true, user: expect.objectContaining({ emailVerified: true }) }),
    ])
    expect((await browser.check()).status).toBe(200)
    expect((await stranger.client.check()).status).toBe(401)
    expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${stranger.bearer}` })).status).toBe(401)
    expect((await stack.signIn(stranger.email)).status).toBe(401)
    const [left] = await stack.sql(
      `SELECT (SELECT count(*)::int FROM account WHERE "userId" = $1) AS accounts,
              (SELECT count(*)::int FROM passkey WHERE "userId" = $1) AS passkeys,
              (SELECT count(*)::int FROM "trustedDevice" WHERE "userId" = $1) AS devices,
              (SELECT count(*)::int FROM session WHERE "userId" = $1) AS sessions`,
      [stranger.userId],
    )
    expect(left).toEqual({ accounts: 0, passkeys: 0, devices: 0, sessions: 1 })
    const events = await stack.sql<{ type: string }>(
      `SELECT type FROM audit_event WHERE "userId" = $1 AND type NOT IN ('signed-up', 'sign-in-failed') ORDER BY type`,
      [stranger.userId],
    )
    expect(events.map(({ type }) => type)).toEqual([
      'email-verified',
      'session-revoked',
      'sign-in-method-removed',
      'sign-in-method-removed',
      'signed-in',
    ])
  })
})

async function addWaysIn(userId: string): Promise<void> {
  await stack.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
     VALUES ('at-' || $1, 'x', 'google', $1, now(), now())`,
    [userId],
  )
  await stack.sql(
    `INSERT INTO passkey (id, "publicKey", "userId", "credentialID", counter, "deviceType", "backedUp", "createdAt")
     VALUES ('key-' || $1, 'x', $1, 'x-' || $1, 0, 'singleDevice', false, now())`,
    [userId],
  )
  await stack.sql(
    `INSERT INTO "trustedDevice" (id, "userId", "tokenHash", "userAgent", "createdAt", "expiresAt")
     VALUES ('device-' || $1, $1, 'x-' || $1, '', now(), now() + interval '1 day')`,
    [userId],
  )
}

test('a change of the address that the stranger has begun ends, sent or not', async () => {
  const { email, client, userId } = await signUp(stack)
  const theirs = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`] as const
  expect((await client.post('/api/auth/change-email', { body: { newEmail: theirs[0] } })).status).toBe(200)
  const { token } = await stack.link(theirs[0])
  await stack.sql(
    `INSERT INTO "mailOutbox" (id, kind, recipient, "userId", language, data, attempts, "nextAttemptAt", "createdAt")
     VALUES ($1, 'verify-new-email', $2, $1, 'en', $3, 0, now() + interval '1 hour', now())`,
    [userId, theirs[1], JSON.stringify({ oldEmail: email })],
  )
  await signInBy('link', email)
  expect((await stack.somebody().post('/change-email/confirm', { token })).status).toBe(400)
  expect(await stack.sql('SELECT FROM "mailOutbox" WHERE "userId" = $1', [userId])).toEqual([])
})

test('a sign-in with the stranger’s password that is on its way opens nothing afterwards', async () => {
  const { email, userId } = await signUp(stack)
  const { browser, link } = await askAndRead(stack, email)
  // The claim waits before its commit until the sign-ins are done: they still find the old password.
  await stack.sql(`
    CREATE TABLE gate (); GRANT SELECT ON gate TO public;
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN WHILE NOT EXISTS (SELECT FROM public.gate) LOOP PERFORM pg_sleep(0.02); END LOOP; RETURN NEW; END';
    CREATE TRIGGER wait_at_gate AFTER UPDATE OF "emailVerified" ON "user" FOR EACH ROW EXECUTE FUNCTION wait_at_gate()`)
  const claim = browser.post('/magic-link/verify', { token: link.token, email })
  try {
    expect((await stack.signIn(email)).status).toBe(200)
  } finally {
    await stack.sql('INSERT INTO gate DEFAULT VALUES')
    expect((await claim).status).toBe(200)
    await stack.sql('DROP TRIGGER wait_at_gate ON "user"; DROP FUNCTION wait_at_gate; DROP TABLE gate')
  }
  const sessions = await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])
  expect(sessions).toHaveLength(1)
})

test('the owner’s own browser, which is signed in, shows whose account it is: nothing is removed', async () => {
  const { email, client, userId } = await signUp(stack)
  const browser = await askFor(stack, email)
  for (const [name, value] of client.jar) browser.jar.set(name, value)
  const otp = codeIn(await mailOf(stack, email))
  const response = await browser.post('/sign-in/email-otp', { email, otp })
  expect(await response.json()).toMatchObject({ isPasswordGone: false, user: { emailVerified: true } })
  expect((await stack.signIn(email, PASSWORD)).status).toBe(200)
  expect((await client.check()).status).toBe(200)
  const [row] = await stack.sql('SELECT "emailVerified" FROM "user" WHERE id = $1', [userId])
  expect(row).toEqual({ emailVerified: true })
})

test('a verified account keeps its password and its sessions', async () => {
  const { email, userId, client } = await signUp(stack)
  await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [userId])
  const { response } = await signInBy('link', email)
  expect(await response.json()).toMatchObject({ isPasswordGone: false })
  expect((await stack.signIn(email)).status).toBe(200)
  expect((await client.check()).status).toBe(200)
})

test('a second factor stays: who reads somebody’s mails does not get past it', async () => {
  const { email, app } = await signUpWithApp(stack)
  const { browser, response } = await signInBy('link', email)
  expect(await response.json()).toMatchObject({ twoFactorRedirect: true })
  expect((await browser.check()).status).toBe(401)
  expect((await browser.post('/two-factor/verify-totp', { code: app.code() })).status).toBe(200)
})
