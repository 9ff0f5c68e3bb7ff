import type { Page } from 'playwright-core'
import { addNote, atPage, homeLoaded } from './forms.ts'
import { mailTo } from './inbox.ts'
import { stack } from './stack.ts'
import { existingUser, type User } from './users.ts'

export const codeField = (page: Page) => page.getByLabel('Code from the email')
export const submit = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).click()

/** The address was confirmed before, and no mail tells of that. */
export async function verifiedUser(): Promise<User> {
  const user = await existingUser()
  await verify(user)
  return user
}

export async function verify({ email }: User): Promise<void> {
  await stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${email}'`)
}

export async function askOnSignInPage(page: Page, email: string): Promise<void> {
  await atPage(page, 'Sign in')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Email me a sign-in link' }).click()
  await atPage(page, 'Check your email')
}

/** The nth mail to this address that signs in: others tell of what was changed. */
export async function readSignInMail(email: string, count = 1): Promise<{ link: string; code: string }> {
  let left = count
  for (let nth = 1; ; nth += 1) {
    const { Subject, Text } = await mailTo(email, nth)
    if (Subject.startsWith('Sign in to')) left -= 1
    if (left > 0) continue
    const [link = ''] = /http\S+#token=\S+/.exec(Text) ?? []
    const [code = ''] = /^\d{6}$/m.exec(Text) ?? []
    return { link, code }
  }
}

/** From the page that asks for the address to the dialog over an ended session; `show` sees each step. */
export async function goThroughMailedSignIn(page: Page, ada: User, show: (name: string) => Promise<void>) {
  await atPage(page, 'Sign in by email')
  await show('sign-in-by-mail')
  await page.getByLabel('Email').fill(ada.email)
  await page.getByRole('button', { name: 'Send email' }).click()
  await atPage(page, 'Check your email')
  await show('sign-in-mailed')
  const { link, code } = await readSignInMail(ada.email)
  await codeField(page).fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'))
  await submit(page)
  await page.getByRole('alert').waitFor()
  await show('sign-in-mailed-wrong')
  await page.goto(link)
  await page.getByText(`You are about to sign in as ${ada.email}.`).waitFor()
  await show('sign-in-link')
  await submit(page)
  await atPage(page, 'Your email address is confirmed')
  await show('sign-in-claimed')
  await page.getByRole('link', { name: 'Continue' }).click()
  await homeLoaded(page)
  await page.context().clearCookies()
  await addNote(page, 'Half a thought')
  await page.getByRole('button', { name: 'Email me a code' }).click()
  await codeField(page).waitFor()
  await show('sign-in-again-code')
}
