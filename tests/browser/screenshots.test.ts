import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { beginSetUp, twoFactorOf } from './harness/authenticator.ts'
import { addDevice } from './harness/authenticator-device.ts'
import { OFFLINE } from './harness/console.ts'
import { addNote, announced, atPage, homeLoaded, openUserMenu, signIn } from './harness/forms.ts'
import { linkTo } from './harness/inbox.ts'
import { goThroughMailedSignIn } from './harness/mailed-sign-in.ts'
import { holdRequests } from './harness/network.ts'
import { notesOf } from './harness/notes.ts'
import { documentationPicture, scratchPicture, takeScreenshots as take, writeGallery } from './harness/pictures.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { USER_AGENTS } from './harness/user-agents.ts'
import { existingUser, newUser, signInElsewhere } from './harness/users.ts'

const readmeScreenshot = documentationPicture('screenshot')

/** What was taken, in its order: a title and names. */
const gallery: [string, string[]][] = []
const section = (title: string) => void gallery.push([title, []])

afterAll(() => writeGallery(gallery))

test('every page without a session has its screenshots', async ({ visit }) => {
  section('Signing in and up')
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(401, '/api/auth/sign-in/email')
  await atPage(page, 'Sign in')
  await takeScreenshots(page, 'sign-in')
  await signIn(page, { email: 'ada@example.com', password: 'not the password' })
  await page.getByRole('alert').waitFor()
  await takeScreenshots(page, 'sign-in-wrong')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await atPage(page, 'Create your account')
  await takeScreenshots(page, 'sign-up')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('alert').waitFor()
  await takeScreenshots(page, 'sign-up-empty')
})

test('every page that has to do with a mail has its screenshots', async ({ visit, visitAs }) => {
  section('Mailed links')
  const { page } = await visit('/forgot-password')
  const ada = await existingUser()
  await atPage(page, 'Forgot your password?')
  await takeScreenshots(page, 'forgot-password')
  await page.getByLabel('Email').fill(ada.email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await atPage(page, 'Check your email')
  await takeScreenshots(page, 'forgot-password-sent')
  await page.goto(await linkTo(ada.email))
  await atPage(page, 'Choose a new password')
  await takeScreenshots(page, 'reset-password')
  await page.goto(new URL('/verify-email#token=x&email=ada%40example.com', page.url()).href)
  await atPage(page, 'Confirm your email address')
  await takeScreenshots(page, 'verify-email')
  await page.goto(new URL('/change-email#token=x', page.url()).href)
  await atPage(page, 'Change your email address')
  await takeScreenshots(page, 'change-email')
  await page.goto(new URL('/change-email', page.url()).href)
  await page.reload()
  await atPage(page, 'Open the link in the email')
  await takeScreenshots(page, 'no-link')

  const { page: hers } = await visitAs(newUser('Ada Lovelace'), '/delete-account#token=x')
  await atPage(hers, 'Delete your account')
  await takeScreenshots(hers, 'delete-account')
  await hers.goto(new URL('/account', hers.url()).href)
  await hers.getByRole('button', { name: 'Change password' }).click()
  await takeScreenshots(hers, 'change-password')
})

test('every step of a sign-in by mail has its screenshots', async ({ visit }) => {
  section('Sign-in by mail')
  const { page, expectStatus } = await visit('/sign-in/email')
  expectStatus(401, '/api/auth/sign-in/email-otp')
  expectStatus(401, '/api/notes')
  await goThroughMailedSignIn(page, await existingUser('Ada Lovelace'), (name) => takeScreenshots(page, name))
})

test('every page of a signed-in user has its screenshots', async ({ visitAs }) => {
  section('Signed in')
  const { page, expectStatus } = await visitAs(newUser('Ada Lovelace'))
  expectStatus(404, '/no/such/page')
  await homeLoaded(page)
  await takeScreenshots(page, 'home-empty')
  await writeNotes(page)
  await takeScreenshots(page, 'home')
  await openUserMenu(page)
  await takeScreenshots(page, 'user-menu')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Delete note: Ask Charles/ }).click()
  await takeScreenshots(page, 'delete')
  await page.keyboard.press('Escape')
  await page.goto(new URL('/no/such/page', page.url()).href)
  await atPage(page, 'Page not found')
  await takeScreenshots(page, 'not-found')
})

test('the account page has its screenshots', async ({ visitAs }) => {
  section('The account page')
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada, '/sign-up')
  for (const userAgent of Object.values(USER_AGENTS)) await signInElsewhere(ada, userAgent)
  await page.goto(new URL('/account', page.url()).href)
  await page.getByRole('button', { name: 'Sign out curl' }).click()
  await announced(page, 'Signed out: curl.')
  await page.reload()
  await page.getByText('Signed out another device').waitFor()
  await page.getByRole('button', { name: 'Sign out all other devices' }).waitFor()
  await takeScreenshots(page, 'account')
  await page.getByRole('button', { name: 'Sign out all other devices' }).click()
  await takeScreenshots(page, 'account-sign-out-others')
  await page.keyboard.press('Escape')
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.keyboard.press('Escape')
  await takeScreenshots(page, 'account-german')
  await openUserMenu(page)
  await page.getByRole('button', { name: 'English' }).click()
})

test('passkeys have their screenshots', async ({ visitAs }) => {
  section('Passkeys')
  const { page } = await visitAs(newUser('Ada Lovelace'), '/account')
  const device = await addDevice(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: /^Rename/ }).waitFor()
  await takeScreenshots(page, 'passkeys')
  await page.getByRole('button', { name: /^Remove/ }).click()
  await takeScreenshots(page, 'passkeys-remove')
  await page.keyboard.press('Escape')
  await device.confirm(false)
})

test('connected services have their screenshots', async ({ visitAs }) => {
  section('Connected services')
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada, '/account')
  const services = page.getByRole('region', { name: 'Connected services' })
  await services.getByRole('button', { name: 'Connect Demo keys' }).click()
  await takeScreenshots(page, 'connected-services-key')
  await page.keyboard.press('Escape')
  await services.getByRole('button', { name: 'Connect Demo service' }).click()
  await page.getByLabel('Somebody else').fill('ada.lovelace@example.com')
  await page.getByRole('button', { name: 'Continue' }).click()
  await services.getByText('Demo service is connected.').waitFor()
  await takeScreenshots(page, 'connected-services')
  await services.getByRole('button', { name: 'Remove Demo service' }).click()
  await takeScreenshots(page, 'connected-services-remove')
  await page.keyboard.press('Escape')
  await stack.sql(
    `UPDATE account a SET "revokedAt" = now() FROM "user" u WHERE u.id = a."userId" AND u.email = '${ada.email}'`,
  )
  await page.reload()
  await services.getByText('This connection has expired').waitFor()
  await takeScreenshots(page, 'connected-services-ended')
  await page.goto(`${stack.providerUrl}/keys`)
  await takeScreenshots(page, 'demo-key')
})

test('every step of a second factor has its screenshots', async ({ visitAs }) => {
  section('Second factor')
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada, '/account')
  const app = await beginSetUp(page, ada)
  await takeScreenshots(page, 'two-factor-set-up')
  await page.getByLabel('Code', { exact: true }).fill(app.code())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('heading', { name: 'Save your backup codes' }).waitFor()
  await takeScreenshots(page, 'two-factor-backup-codes')
  await page.getByRole('button', { name: 'I have saved them' }).click()
  await twoFactorOf(page).getByText('10 codes are left').waitFor()
  await takeScreenshots(page, 'two-factor-on')
  await page.getByRole('button', { name: 'Turn off' }).click()
  await takeScreenshots(page, 'two-factor-turn-off')
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await atPage(page, 'Sign in')
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  await takeScreenshots(page, 'two-factor-sign-in')
})

test('what is seen while the app loads, or cannot, has its screenshots', async ({ visitAs, visit, newVisitor }) => {
  section('Loading, offline, without JavaScript')
  const { page, expectMessage } = await visitAs(newUser('Ada Lovelace'), '/sign-up')
  await homeLoaded(page)
  const held = await holdRequests(page, 'GET', '/api/auth/session?*')
  await page.reload()
  await page.locator('.placeholder').first().waitFor()
  await takeScreenshots(page, 'loading')
  held.release()
  await homeLoaded(page)
  await writeNotes(page)
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: scratchPicture('print'), fullPage: true })
  await page.emulateMedia({ media: 'screen' })
  expectMessage(OFFLINE)
  await page.context().setOffline(true)
  await page.getByText('You are offline.').first().waitFor()
  await takeScreenshots(page, 'offline')
  await page.context().setOffline(false)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await atPage(page, 'Sign in')
  await takeScreenshots(page, 'signed-out')

  const withoutScript = await visit('/', { javaScriptEnabled: false })
  await takeScreenshots(withoutScript.page, 'without-javascript')
  const blocked = await newVisitor()
  blocked.expectMessage(/net::ERR_FAILED/)
  await blocked.page.route('**/assets/*.js', (route) => route.abort())
  await blocked.page.goto(page.url())
  await blocked.page.getByRole('heading').first().waitFor()
  await takeScreenshots(blocked.page, 'without-script')
})

test('the README shows the home page', async ({ visitAs }) => {
  const ada = { ...newUser('Ada Lovelace'), email: 'ada@example.com' }
  const { page } = await visitAs(ada, '/', { viewport: { width: 960, height: 640 }, deviceScaleFactor: 2 })
  await homeLoaded(page)
  await writeNotes(page)
  await page.getByRole('heading', { level: 1 }).click()

  await page.screenshot({ path: readmeScreenshot, fullPage: true })

  expect((await readFile(readmeScreenshot)).length).toBeLessThan(500_000)
})

async function takeScreenshots(page: Page, name: string): Promise<void> {
  gallery.at(-1)?.[1].push(name)
  await take(page, name)
}

async function writeNotes(page: Page): Promise<void> {
  const texts = [
    'Order a new ribbon for the difference engine',
    'Ask Charles about the mill.\nAnd about the store.',
    'Weave algebraic patterns, as the loom weaves flowers and leaves',
  ]
  for (const text of texts) {
    await addNote(page, text)
    await notesOf(page).first().getByText(text).waitFor()
  }
}
