import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'

let stack: MailedStack
beforeAll(async () => {
  stack = await startMailedStack({ DEFAULT_LANGUAGE: 'de' })
})
afterAll(() => stack.stop())

test.each([
  ['fr-CH, fr;q=0.9', 'Wählen Sie ein neues Passwort'],
  ['en', 'Choose a new password'],
])('where DEFAULT_LANGUAGE is de, a browser that asks for %s gets the mail %s', async (language, subject) => {
  const { client, email } = await signUp(stack)
  const headers = { 'accept-language': language }
  await client.post('/api/auth/request-password-reset', { body: { email }, headers })
  expect((await stack.mail.next(email)).subject).toBe(subject)
})
