import { expect } from 'vitest'
import { setUpApp } from './harness/authenticator.ts'
import { addNote, alertText, announced, atPage, homeLoaded, openUserMenu, signIn } from './harness/forms.ts'
import { mailTo } from './harness/inbox.ts'
import { askOnSignInPage, codeField, readSignInMail, submit, verifiedUser, verify } from './harness/mailed-sign-in.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

const CODE = '/api/auth/sign-in/email-otp'

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
  const { code } = await readSignInMail(ada.email)

  await field.fill('12345')
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('A code has 6 digits.')
  await field.fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'))
  await submit(page)
  await expect.poll(() => alertText(page)).toContain('This code is wrong or no longer works.')
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
  const first = await readSignInMail(ada.email)
  await stack.sql(`DELETE FROM "rateLimit" WHERE key LIKE 'mail|%'`)
  await page.clock.fastForward(61_000)
  await page.getByRole('button', { name: 'Send it again' }).click()
  await announced(page, 'We have sent the email again.')
  const second = await readSignInMail(ada.email, 2)
  expect(second.link).not.toBe(first.link)
  await codeField(page).fill(second.code)
  await submit(page)
  await homeLoaded(page)
})

test('a second factor comes after the code', async ({ visitAs, visit }) => {
  const ada = newUser()
  const { page: first } = await visitAs(ada, '/account')
  const { app } = await setUpApp(first, ada)
  await verify(ada)
  const { page } = await visit('/account')
  await askOnSignInPage(page, ada.email)
  await codeField(page).fill((await readSignInMail(ada.email)).code)
  await submit(page)
  await atPage(page, 'Enter your code')
  await page.getByLabel('Code', { exact: true }).fill(app.code())
  await submit(page)
  await atPage(page, 'Your account')
})

test.for(['link', 'code'])(
  'whoever takes an account over by its first %s learns what is gone',
  async (way, { visit }) => {
    const ada = await existingUser()
    const { page, expectStatus } = await visit('/sign-in')
    expectStatus(401, '/api/auth/sign-in/email')
    await askOnSignInPage(page, ada.email)
    const { link, code } = await readSignInMail(ada.email)
    if (way === 'link') await page.goto(link)
    else await codeField(page).fill(code)
    await submit(page)
    await atPage(page, 'Your email address is confirmed')
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
  await codeField(page).fill((await readSignInMail(ada.email)).code)
  await submit(page)
  await page.getByRole('link', { name: 'Choose a new password' }).click()
  await atPage(page, 'Forgot your password?')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
})

test('a code signs in again over the page whose session has ended', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const { page, expectStatus } = await visitAs(ada)
  await verify(ada)
  expectStatus(401, '/api/notes')
  await homeLoaded(page)
  await page.context().clearCookies()
  await addNote(page, 'Half a thought')
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByRole('button', { name: 'Email me a code' }).click()
  await dialog.getByText(`An email is on its way to ${ada.email}.`).first().waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  const [box, field] = [await dialog.boundingBox(), await codeField(page).boundingBox()]
  if (!box || !field) throw new Error('not shown')
  // As far from both edges: a long address does not push it out.
  expect(box.x + box.width - field.x - field.width).toBeCloseTo(field.x - box.x, 0)
  await page.setViewportSize({ width: 1280, height: 800 })
  await dialog.getByRole('button', { name: 'Use the password' }).click()
  await dialog.getByLabel('Password', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Email me a code' }).click()
  await codeField(page).waitFor()
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
  const { Subject, Text } = await mailTo(ada.email)
  expect(Subject).toMatch(/^Bei .+ anmelden$/)
  await page.getByLabel('Code aus der E-Mail').fill(/^\d{6}$/m.exec(Text)?.[0] ?? '')
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click()
  await page.getByText(/^Dabei seit/).waitFor()
})
