import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { atPage } from './forms.ts'
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

const folder = fileURLToPath(new URL('../../../.local/screenshots/', import.meta.url))

/** To look at: light, dark, and on a small screen. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const take = (look: string) => page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true })
  await take('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await take('dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 320, height: 640 })
  await take('narrow')
  await page.setViewportSize({ width: 1280, height: 800 })
}
