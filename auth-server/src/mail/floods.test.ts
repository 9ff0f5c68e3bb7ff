import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../test/mailed.ts'
import { until } from '../../test/until.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

async function ask(email: string): Promise<void> {
  const response = await stack.somebody().post('/request-password-reset', { email })
  expect(response.status).toBe(200)
}

const waiting = (email: string) => stack.sql('SELECT FROM "mailOutbox" WHERE recipient = $1', [email])

test('a mail to one address is asked for once a minute, whoever asks and however they write it', async () => {
  const { email } = await signUp(stack)
  await Promise.all(Array.from({ length: 20 }, () => ask(email)))
  await ask(email.toUpperCase())
  await stack.mail.next(email)
  await until(async () => (await waiting(email)).length === 0)
  expect(stack.mail.to(email)).toHaveLength(1)

  await stack.sql(`UPDATE "rateLimit" SET "lastRequest" = "lastRequest" - 61000 WHERE key LIKE 'mail|reset-password|%'`)
  await ask(email)
  await stack.mail.next(email, 2)
})

test('one mailbox gets at most ten mails an hour, of all that anybody can ask for', async () => {
  const { email } = await signUp(stack)
  for (let round = 0; round < 12; round += 1) {
    await stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|reset-password|%'`)
    await ask(email)
    await until(async () => (await waiting(email)).length === 0)
  }
  expect(stack.mail.to(email)).toHaveLength(10)
})
