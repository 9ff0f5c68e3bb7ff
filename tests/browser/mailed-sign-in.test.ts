import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { setUpApp } from './harness/authenticator.ts'
import { addNote, alertText, announced, atPage, homeLoaded, openUserMenu, pathOf, signIn } from './harness/forms.ts'
import { mailTo } from './harness/inbox.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser, type User } from './harness/users.ts'

const folder = fileURLToPath(new URL('../../.local/screenshots/', import.meta.url))
beforeAll(() => mkdir(folder, { recursive: true }))

const CODE = '/api/auth/sign-in/email-otp'
const LINK = '/api/auth/magic-link/verify'
const codeField = (page: Page) => page.getByLabel('Code from the email')
const submit = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).click()

/** The address was confirmed before, and no mail tells of that. */
async function verifiedUser(): Promise<User> {
  const user = await existingUser()
  await stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${user.email}'`)
  return user
}

async function askOnSignInPage(page: Page, email: string): Promise<void> {
  await atPage(page, 'Sign in')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Email me a sign-in link' }).click()
  await atPage(page, 'Check your email')
}

async function readMail(email: string, count = 1): Promise<{ link: string; code: string }> {
  const { Text } = await mailTo(email, count)
  const [link = ''] = /http\S+#token=\S+/.exec(Text) ?? []
  const [code = ''] = /^\d{6}$/m.exec(Text) ?? []
  return { link, code }
}

test('a link signs in wherever it is opened, and leads to the page that was wanted', async ({ visit, newVisitor }) => {
  const ada = await verifiedUser()
  const { page } = await visit('/account')
  await askOnSignInPage(page, ada.email)
  const { link } = await readMail(ada.email)

  const { page: phone, expectStatus } = await newVisitor()
  expectStatus(400, LINK)
  await phone.goto(link)
  await atPage(phone, 'Sign in')
  expect(new URL(phone.url()).hash).toBe('')
  await phone.getByText(`You are about to sign in as ${ada.email}.`).waitFor()
  await takeScreenshots(phone, 'sign-in-link')
  await submit(phone)
  await atPage(phone, 'Your account')

  await phone.goto('about:blank')
  await phone.goto(link)
  await phone.getByText(`You are about to sign in as ${ada.email}.`).waitFor()
  await submit(phone)
  await phone.getByRole('alert').waitFor()
  expect(await alertText(phone)).toContain('This link has been used')
  await phone.getByRole('link', { name: 'Ask for a new link' }).waitFor()
})

test('a code signs in where it was asked for, as it is pasted', async ({ visit }) => {
  const ada = await verifiedUser()
  const { page, expectStatus } = await visit('/sign-in?next=%2Faccount')
  expectStatus(401, CODE)
  await askOnSignInPage(page, ada.email)
  await announced(
    page,
    `If ${ada.email} has an account, an email is on its way. Open the link in it, or enter the code here.`,
  )
  const field = codeField(page)
  expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
  expect([await field.getAttribute('inputmode'), await field.getAttribute('autocomplete')]).toEqual([
    'numeric',
    'one-time-code',
  ])
  await takeScreenshots(page, 'sign-in-mailed')
  const { code } = await readMail(ada.email)

  await field.fill('12345')
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('A code has 6 digits.')
  await field.fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'))
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('This code is wrong or no longer works.')
  await takeScreenshots(page, 'sign-in-mailed-wrong')
  await page.reload()
  await atPage(page, 'Check your email')
  await field.fill(` ${code.slice(0, 3)}\u00a0${code.slice(3)}`)
  await submit(page)
  await atPage(page, 'Your account')
})

test('without an address the next page asks for it, and another one can be entered', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  await page.getByRole('button', { name: 'Email me a sign-in link' }).click()
  await atPage(page, 'Sign in by email')
  await takeScreenshots(page, 'sign-in-by-mail')
  await page.getByRole('button', { name: 'Send email' }).click()
  await expect.poll(() => alertText(page)).toContain('Enter your email address.')
  const stranger = newUser()
  await page.getByLabel('Email').fill(stranger.email)
  await page.getByRole('button', { name: 'Send email' }).click()
  // The same as for an address that has an account.
  await atPage(page, 'Check your email')
  await page.getByText(`If ${stranger.email} has an account`).first().waitFor()
  await page.getByRole('button', { name: 'Use another address' }).click()
  await atPage(page, 'Sign in by email')
  expect(await page.getByLabel('Email').inputValue()).toBe(stranger.email)
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await atPage(page, 'Sign in')
})

test('a mail can be asked for again after a minute, and its newer code counts', async ({ visit }) => {
  const ada = await verifiedUser()
  const { page } = await visit('/sign-in')
  await page.clock.install()
  await askOnSignInPage(page, ada.email)
  const first = await readMail(ada.email)
  await stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|%'`)
  await page.clock.fastForward(61_000)
  await page.getByRole('button', { name: 'Send it again' }).click()
  await announced(page, 'We have sent the email again.')
  const second = await readMail(ada.email, 2)
  expect(second.link).not.toBe(first.link)
  await codeField(page).fill(second.code)
  await submit(page)
  await homeLoaded(page)
})

test('a second factor comes after the code', async ({ visitAs, visit }) => {
  const ada = newUser()
  const { page: first } = await visitAs(ada, '/account')
  const { app } = await setUpApp(first, ada)
  await stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${ada.email}'`)
  const { page } = await visit('/account')
  await askOnSignInPage(page, ada.email)
  const mails = async () => (await readSignInMail(ada.email)).code
  await codeField(page).fill(await mails())
  await submit(page)
  await atPage(page, 'Enter your code')
  await page.getByLabel('Code', { exact: true }).fill(app.code())
  await submit(page)
  await atPage(page, 'Your account')
})

/** Others tell of the second factor. */
async function readSignInMail(email: string): Promise<{ link: string; code: string }> {
  for (let count = 1; ; count += 1) {
    const { Subject } = await mailTo(email, count)
    if (Subject.startsWith('Sign in to')) return readMail(email, count)
  }
}

test.for(['link', 'code'])(
  'whoever takes an account over by its first %s learns what is gone',
  async (way, { visit }) => {
    const ada = await existingUser()
    const { page, expectStatus } = await visit('/sign-in')
    expectStatus(401, '/api/auth/sign-in/email')
    await askOnSignInPage(page, ada.email)
    const { link, code } = await readMail(ada.email)
    if (way === 'link') await page.goto(link)
    else await codeField(page).fill(code)
    await submit(page)
    await atPage(page, 'Your email address is confirmed')
    if (way === 'link') await takeScreenshots(page, 'sign-in-claimed')
    await page.getByRole('link', { name: 'Continue' }).click()
    await homeLoaded(page)

    await openUserMenu(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await signIn(page, ada)
    await expect.poll(() => alertText(page)).toContain('The email or password is incorrect.')
  },
)

test('a new password can be chosen right after that', async ({ visit }) => {
  const ada = await existingUser()
  const { page } = await visit('/sign-in')
  await askOnSignInPage(page, ada.email)
  await codeField(page).fill((await readMail(ada.email)).code)
  await submit(page)
  await page.getByRole('link', { name: 'Choose a new password' }).click()
  await atPage(page, 'Forgot your password?')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
})

test('a link that claims to be for another address signs nobody in', async ({ visit }) => {
  const [ada, bob] = [await verifiedUser(), newUser()]
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(400, LINK)
  await askOnSignInPage(page, ada.email)
  const { link } = await readMail(ada.email)
  await page.goto(link.replace(encodeURIComponent(ada.email), encodeURIComponent(bob.email)))
  await page.getByText(`You are about to sign in as ${bob.email}.`).waitFor()
  await submit(page)
  await page.getByRole('alert').waitFor()
  await page.goto(new URL('/', page.url()).href)
  await atPage(page, 'Sign in')
})

test.for(['https%3A%2F%2Fevil.example', '%2F%2Fevil.example', 'javascript%3Aalert(1)'])(
  'a link with next=%s leads nowhere else',
  async (next, { visit }) => {
    const ada = await verifiedUser()
    const { page } = await visit('/sign-in')
    await askOnSignInPage(page, ada.email)
    const { link } = await readMail(ada.email)
    await page.goto(`${link}&next=${next}`.replace(/&next=%2F(?=&)/, ''))
    await page.getByText('You are about to sign in').waitFor()
    await submit(page)
    await homeLoaded(page)
    expect(pathOf(page)).toBe('/')
  },
)

test('without a link the page says where to find it', async ({ visit }) => {
  const { page } = await visit('/sign-in/link')
  await atPage(page, 'Open the link in the email')
  await page.getByRole('link', { name: 'Ask for a new link' }).click()
  await atPage(page, 'Sign in by email')
})

test('who is signed in as somebody else is told so', async ({ visitAs }) => {
  const bob = newUser('Bob')
  const { page } = await visitAs(bob, '/sign-in/link#token=x&email=ada%40example.com')
  await page.getByText(`This browser is now signed in as ${bob.email}.`).waitFor()
})

test('a code signs in again over the page whose session has ended', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const { page, expectStatus } = await visitAs(ada)
  await stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${ada.email}'`)
  expectStatus(401, '/api/notes')
  await homeLoaded(page)
  await page.context().clearCookies()
  await addNote(page, 'Half a thought')
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByRole('button', { name: 'Email me a code' }).click()
  await dialog.getByText(`An email is on its way to ${ada.email}.`).first().waitFor()
  await dialog.getByRole('button', { name: 'Use the password' }).click()
  await dialog.getByLabel('Password', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Email me a code' }).click()
  await codeField(page).waitFor()
  await takeScreenshots(page, 'sign-in-again-code')
  await codeField(page).fill((await readSignInMail(ada.email)).code)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByLabel('New note').inputValue()).toBe('Half a thought')
  await page.getByRole('button', { name: 'Add note' }).click()
  await notesOf(page).getByText('Half a thought').waitFor()
})

test('pages and mail are in the language of the user', async ({ visit }) => {
  const ada = await verifiedUser()
  const { page } = await visit('/sign-in', { locale: 'de-DE' })
  await atPage(page, 'Anmelden')
  await page.getByLabel('E-Mail-Adresse').fill(ada.email)
  await page.getByRole('button', { name: 'Link per E-Mail anfordern' }).click()
  await atPage(page, 'Sehen Sie in Ihr Postfach')
  await takeScreenshots(page, 'sign-in-mailed-german')
  const { Subject, Text } = await mailTo(ada.email)
  expect(Subject).toMatch(/^Bei .+ anmelden$/)
  await page.getByLabel('Code aus der E-Mail').fill(/^\d{6}$/m.exec(Text)?.[0] ?? '')
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click()
  await page.getByText(/^Dabei seit/).waitFor()
})

async function takeScreenshots(page: Page, name: string): Promise<void> {
  const take = (look: string) => page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true })
  await take('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await take('dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 320, height: 640 })
  await take('narrow')
  await page.setViewportSize({ width: 1280, height: 800 })
}
