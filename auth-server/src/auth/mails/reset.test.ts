import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, PASSWORD, signUp } from '../../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import { until } from '../../../test/until.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

const NEW = 'a password that is new'
const request = (email: string) => stack.somebody().post('/request-password-reset', { email })
const reset = (token: string, newPassword = NEW) => stack.somebody().post('/reset-password', { token, newPassword })
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code

async function userWithLink() {
  const user = await signUp(stack)
  await request(user.email)
  const { token } = await stack.link(user.email)
  return { ...user, resetToken: token }
}

test('the response is the same for an address with an account and one without', async () => {
  const { email } = await signUp(stack)
  const [known, unknown] = [await request(email), await request(`${randomUUID()}@example.com`)]
  expect([known.status, await known.json()]).toEqual([unknown.status, await unknown.json()])
  const names = ({ headers }: Response) => [...headers.keys()].toSorted()
  expect(names(known)).toEqual(names(unknown))
})

test('both are the same work for the database', async () => {
  const { email } = await signUp(stack)
  const statements = async (address: string) => {
    const before = await counted()
    await request(address)
    return (await counted()).map((count, index) => count - (before[index] ?? 0))
  }
  // Rows that one request wrote and looked up, in the order of the tables.
  const counted = async () => {
    const [row] = await stack.sql<{ mails: number; limits: number; links: number }>(
      `SELECT (SELECT count(*)::int FROM "mailOutbox") + ${stack.mail.mails.length} AS mails,
              (SELECT count(*)::int FROM "rateLimit" WHERE key LIKE 'mail|%') AS limits,
              (SELECT count(*)::int FROM "rateLimit" WHERE key LIKE '%request-password-reset') AS links`,
    )
    return [row?.limits ?? 0, row?.links ?? 0]
  }
  expect(await statements(email)).toEqual(await statements(`${randomUUID()}@example.com`))
})

test('the link changes the password, once', async () => {
  const { email, resetToken } = await userWithLink()
  expect((await reset(resetToken)).status).toBe(200)
  expect((await stack.signIn(email, NEW)).status).toBe(200)
  expect((await stack.signIn(email)).status).toBe(401)

  const again = await reset(resetToken, 'another password')
  expect([again.status, await codeOf(again)]).toEqual([400, 'INVALID_TOKEN'])
})

test('of fifty requests with one link, one changes the password', async () => {
  const { email, resetToken } = await userWithLink()
  const passwords = Array.from({ length: 50 }, (_, index) => `the password ${index}`)
  const statuses = await Promise.all(passwords.map(async (password) => (await reset(resetToken, password)).status))
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  const winner = passwords[statuses.indexOf(200)] ?? ''
  expect((await stack.signIn(email, winner)).status).toBe(200)
}, 60_000)

test('it ends every session, tells the user, and confirms the address', async () => {
  const { email, resetToken, bearer } = await userWithLink()
  expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(200)
  await reset(resetToken)

  expect((await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })).status).toBe(401)
  expect((await stack.mail.next(email, 2)).subject).toBe('Your password was changed')
  const [row] = await stack.sql('SELECT "emailVerified" FROM "user" WHERE email = $1', [email])
  expect(row).toEqual({ emailVerified: true })
})

describe('a link is of no use', () => {
  test('when a newer one was asked for', async () => {
    const { email, resetToken } = await userWithLink()
    await stack.coolDown()
    await request(email)
    const { token: newer } = await stack.link(email, 2)
    expect((await reset(resetToken)).status).toBe(400)
    expect((await reset(newer)).status).toBe(200)
  })

  test('when the password was changed', async () => {
    const { client, resetToken } = await userWithLink()
    const body = { currentPassword: PASSWORD, newPassword: NEW }
    expect((await client.post('/api/auth/change-password', { body })).status).toBe(200)
    expect((await reset(resetToken, 'the password of a thief')).status).toBe(400)
  })

  test('when the address was changed', async () => {
    const { userId, resetToken } = await userWithLink()
    const admin = await signUp(stack)
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
    const body = { userId, data: { email: `${randomUUID()}@example.com` } }
    expect((await admin.client.post('/api/auth/admin/update-user', { body })).status).toBe(200)
    expect((await reset(resetToken)).status).toBe(400)
  })

  test('when it is an hour old', async () => {
    const { userId, resetToken } = await userWithLink()
    await stack.sql(`UPDATE verification SET "expiresAt" = now() - interval '1 second' WHERE value = $1`, [userId])
    expect((await reset(resetToken)).status).toBe(400)
  })

  test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(5000)])('when it is %j', async (token) => {
    expect((await reset(token)).status).toBe(400)
  })
})

test('a user without a password gets one', async () => {
  const { email, userId } = await signUp(stack)
  await stack.sql('DELETE FROM account WHERE "userId" = $1', [userId])
  await request(email)
  const { token } = await stack.link(email)
  expect((await reset(token)).status).toBe(200)
  expect((await stack.signIn(email, NEW)).status).toBe(200)
  expect((await stack.mail.next(email, 2)).subject).toBe('Your password was changed')
})

test('a link leads to the address that is configured, whatever a caller says of hosts', async () => {
  const { email } = await signUp(stack)
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    forwarded: 'host=evil.example',
    'x-original-url': 'https://evil.example/',
    'x-real-ip': '192.0.2.77',
  }
  const body = JSON.stringify({ email, redirectTo: '/elsewhere' })
  await fetch(`${stack.url}/api/auth/request-password-reset`, { method: 'POST', headers, body })
  const { text, html } = await stack.mail.next(email)
  expect(text + html).not.toContain('evil')
  for (const [address] of text.matchAll(/https?:\S+/g)) expect(address).toMatch(/^http:\/\/localhost:3000\//)
})

test('the mail of a change is there if the change is, and only then', async () => {
  const { email, client } = await signUp(stack)
  const wrong = { currentPassword: 'not the password', newPassword: NEW }
  expect((await client.post('/api/auth/change-password', { body: wrong })).status).toBe(400)
  const rows = await stack.sql('SELECT FROM "mailOutbox" WHERE recipient = $1', [email])
  expect([rows, stack.mail.to(email)]).toEqual([[], []])

  await stack.sql(`
    CREATE FUNCTION no_mails() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
    CREATE TRIGGER no_mails BEFORE INSERT ON "mailOutbox" EXECUTE FUNCTION no_mails()`)
  try {
    const right = { currentPassword: PASSWORD, newPassword: NEW }
    expect((await client.post('/api/auth/change-password', { body: right })).status).toBe(500)
  } finally {
    await stack.sql('DROP TRIGGER no_mails ON "mailOutbox"; DROP FUNCTION no_mails')
  }
  expect((await stack.signIn(email)).status).toBe(200)
  await until(() => stack.lines.length > 0)
})
