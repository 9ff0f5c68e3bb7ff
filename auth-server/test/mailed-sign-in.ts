import { createClient, signUp } from './client.ts'
import { linkIn, type Received } from './mail-server.ts'
import type { MailedStack } from './mailed.ts'
import { until } from './until.ts'

/** The code in a mail. */
export function codeIn({ text }: Pick<Received, 'text'>): string {
  const [code] = /^\d{6}$/m.exec(text) ?? []
  if (code === undefined) throw new Error(`no code in: ${text}`)
  return code
}

/** Another code than this one. */
export const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** Somebody who has asked for a mail in a browser of their own, with the mail where there is one. */
export async function askFor(stack: MailedStack, email: string, more: Record<string, unknown> = {}) {
  const browser = stack.somebody()
  await stack.coolDown()
  const response = await browser.post('/sign-in/magic-link', { email, ...more })
  if (response.status !== 200) throw new Error(`asking returned ${response.status}: ${await response.text()}`)
  return browser
}

/** The nth mail to sign in with: others tell of the sign-in. */
export async function mailOf(stack: MailedStack, email: string, count = 1): Promise<Received> {
  const mails = () => stack.mail.to(email).filter(({ subject }) => subject.startsWith('Sign in to'))
  await until(() => mails().length >= count)
  const mail = mails()[count - 1]
  if (!mail) throw new Error('no mail')
  return mail
}

export async function askAndRead(stack: MailedStack, email: string, count = 1) {
  const browser = await askFor(stack, email)
  const mail = await mailOf(stack, email, count)
  return { browser, mail, code: codeIn(mail), link: linkIn(mail) }
}

/** What a response has given: the session of the browser, as the private port sees it. */
export async function identityOf(stack: MailedStack, response: Response) {
  const client = createClient(stack)
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ''] = cookie.split('; ')
    client.jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
  }
  return client.check()
}

/** A new user whose address is verified. */
export async function verifiedUser(stack: MailedStack) {
  const user = await signUp(stack)
  await stack.sql('UPDATE "user" SET "emailVerified" = true WHERE id = $1', [user.userId])
  return user
}

/** What was mailed to this user to sign in with is older than it may be. */
export const expire = (stack: MailedStack, userId: string) =>
  stack.sql(`UPDATE verification SET "expiresAt" = now() - interval '1 second' WHERE value LIKE $1`, [
    `sign-in-%:${userId}:%`,
  ])

export const outcomeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code?: string }).code,
]
export const INVALID_OTP = [401, 'INVALID_OTP']
export const INVALID_TOKEN = [400, 'INVALID_TOKEN']
