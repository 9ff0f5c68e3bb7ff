import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { beginSetUp, setUpApp, twoFactorOf } from './harness/authenticator.ts'
import { alertText, announced, atPage, homeLoaded, openUserMenu, signIn, signInAgain } from './harness/forms.ts'
import { linkTo, mailTo } from './harness/inbox.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const codeOf = (page: Page) => page.getByLabel('Code', { exact: true })
const submit = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).click()

/** From the account page, which the next sign-in leads back to. */
async function signOut(page: Page): Promise<void> {
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await atPage(page, 'Sign in')
}

test('an app is set up by QR code, and asked for at the next sign-in', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(401, '/api/auth/two-factor/verify-totp')
  await twoFactorOf(page).getByText('Off', { exact: true }).waitFor()
  const app = await beginSetUp(page, ada)
  await codeOf(page).fill('12345')
  await page.getByRole('button', { name: 'Turn on' }).click()
  expect(await alertText(page)).toContain('A code has 6 digits.')
  await codeOf(page).fill(app.code(-5))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect.poll(() => alertText(page)).toContain('This code is incorrect')
  await codeOf(page).fill(await app.earlierCode())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await announced(page, 'Two-factor authentication is on.')
  await page.getByRole('button', { name: 'I have saved them' }).click()
  await twoFactorOf(page).getByText('On', { exact: true }).waitFor()

  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  expect(await codeOf(page).evaluate((input) => input === document.activeElement)).toBe(true)
  expect(await codeOf(page).getAttribute('autocomplete')).toBe('one-time-code')
  expect(await codeOf(page).getAttribute('inputmode')).toBe('numeric')
  const code = app.code()
  await codeOf(page).fill(`${code.slice(0, 3)} ${code.slice(3)}`)
  await submit(page)
  await atPage(page, 'Your account')
})

test('a wrong code is told, a used one too, and the field keeps what was typed', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(401, '/api/auth/two-factor/verify-totp')
  const { app } = await setUpApp(page, ada)
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  await codeOf(page).fill(app.code(-1))
  await submit(page)

  await expect.poll(() => alertText(page)).toContain('This code is incorrect, or has been used.')
  expect(await codeOf(page).getAttribute('aria-invalid')).toBe('true')
  expect(await codeOf(page).inputValue()).toHaveLength(6)
})

test('a backup code signs in, and one less is left', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(401, '/api/auth/two-factor/verify-backup-code')
  const { backupCodes } = await setUpApp(page, ada)
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  await page.getByRole('button', { name: 'Use a backup code' }).click()
  await page.getByLabel('Backup code').fill('abcd-efgh')
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('This backup code is incorrect, or has been used.')
  await page.getByLabel('Backup code').fill(backupCodes[0]?.toUpperCase().replaceAll('-', ' ') ?? '')
  await submit(page)
  await atPage(page, 'Your account')
  await twoFactorOf(page).getByText('9 codes are left').waitFor()
})

test('a trusted device is not asked again, until the account page says so', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  const { app } = await setUpApp(page, ada)
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  await codeOf(page).fill(app.code())
  await page.getByLabel('Don’t ask on this device for 30 days').check()
  await submit(page)
  await atPage(page, 'Your account')
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Your account')
  const section = twoFactorOf(page)
  await section.getByText('This device').waitFor()
  await section.getByText('Chrome, Linux').waitFor()
  await section.getByRole('button', { name: 'Ask again' }).click()
  await announced(page, 'This device will be asked for a code again.')
  await section.getByText('This device').waitFor({ state: 'detached' })
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
})

test('it takes the password and a code to turn it off', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(400, '/api/auth/two-factor/disable')
  const { backupCodes } = await setUpApp(page, ada)
  const section = twoFactorOf(page)
  await section.getByRole('button', { name: 'Turn off' }).click()
  await section.getByRole('button', { name: 'Turn off' }).click()
  expect(await alertText(page)).toContain('Enter your password.')
  await section.getByLabel('Password', { exact: true }).fill('not the password')
  await codeOf(page).fill(backupCodes[1] ?? '')
  await section.getByRole('button', { name: 'Turn off' }).click()
  await expect.poll(() => alertText(page)).toContain('The password is incorrect.')
  await section.getByLabel('Password', { exact: true }).fill(ada.password)
  await section.getByRole('button', { name: 'Turn off' }).click()
  await announced(page, 'Two-factor authentication is off.')

  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Your account')
})

test('backup codes are downloaded and copied, and new ones replace them', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account', { permissions: ['clipboard-read', 'clipboard-write'] })
  const { backupCodes } = await setUpApp(page, ada)
  const section = twoFactorOf(page)
  await section.getByRole('button', { name: 'New codes' }).click()
  await section.getByLabel('Password', { exact: true }).fill(ada.password)
  await section.getByRole('button', { name: 'New codes' }).click()
  await section.getByRole('heading', { name: 'Save your backup codes' }).waitFor()
  const renewed = await section.locator('.codes li').allTextContents()
  expect(renewed).toHaveLength(10)
  expect(renewed.filter((code) => backupCodes.includes(code))).toEqual([])

  const started = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Download' }).click()
  const download = await started
  expect(download.suggestedFilename()).toBe('backup-codes.txt')
  const file = await readFile(await download.path(), 'utf8')
  expect(file).toContain(ada.email)
  expect(file.trim().split('\n').slice(2)).toEqual(renewed)
  await section.getByRole('button', { name: 'Copy' }).click()
  await section.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(file)
})

test('paper has the backup codes and whose they are, and nothing else', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  const app = await beginSetUp(page, ada)
  await codeOf(page).fill(app.code())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('heading', { name: 'Save your backup codes' }).waitFor()
  await page.emulateMedia({ media: 'print' })

  const printed = await page.getByRole('main').innerText()
  expect(printed).toContain(ada.email)
  for (const code of await page.locator('.codes li').allTextContents()) expect(printed).toContain(code)
  expect(printed).not.toContain('Profile')
  expect(printed).not.toContain('Download')
  await page.emulateMedia({ media: 'screen' })
})

test('a sign-in that took too long begins again with the password', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(401, '/api/auth/two-factor/verify-totp')
  const { app } = await setUpApp(page, ada)
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  await page.context().clearCookies({ name: 'better-auth.two_factor' })
  await codeOf(page).fill(app.code())
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('This sign-in took too long')
  await page.getByRole('button', { name: 'Start again' }).click()
  await atPage(page, 'Sign in')
})

test('a link in a mail signs nobody in without the code', async ({ visit, visitAs }) => {
  const ada = newUser()
  const { page: first } = await visitAs(ada, '/account')
  const { app } = await setUpApp(first, ada)
  expect((await mailTo(ada.email)).Subject).toBe('Two-factor authentication is on')
  await first.getByRole('button', { name: 'Confirm email' }).click()

  const { page } = await visit('/sign-in')
  await page.goto(await linkTo(ada.email, 2))
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await atPage(page, 'Enter your code')
  await codeOf(page).fill(app.code())
  await submit(page)
  await homeLoaded(page)
})

test('who signs in again over a page is asked for the code there, and loses nothing', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(401, '/api/notes')
  const { app } = await setUpApp(page, ada)
  await page.goto(stack.frontendUrl)
  await homeLoaded(page)
  await page.getByLabel('New note').fill('half a thought')
  await stack.sql(`DELETE FROM session WHERE "userId" = (SELECT id FROM "user" WHERE email = '${ada.email}')`)
  await page.getByRole('button', { name: 'Add note' }).click()
  await signInAgain(page, ada)
  const dialog = page.getByRole('dialog', { name: 'Enter your code' })
  await dialog.getByLabel('Code', { exact: true }).fill(app.code())
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })

  expect(await page.getByLabel('New note').inputValue()).toBe('half a thought')
})

test('on a narrow screen nothing scrolls sideways, and every target is 44 px high', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account', { viewport: { width: 320, height: 568 } })
  const measure = () =>
    page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll('main :is(a, button, label.check)')]
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML),
    }))
  const fine = { overflow: 0, small: [] }
  const app = await beginSetUp(page, ada)
  expect(await measure()).toEqual(fine)
  await codeOf(page).fill(app.code())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('heading', { name: 'Save your backup codes' }).waitFor()
  expect(await measure()).toEqual(fine)
  await page.getByRole('button', { name: 'I have saved them' }).click()
  await twoFactorOf(page).getByText('10 codes are left').waitFor()
  expect(await measure()).toEqual(fine)
  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Enter your code')
  expect(await measure()).toEqual(fine)
})
