import { expect } from 'vitest'
import { alertText, atPage, homeLoaded, pathOf, signIn } from './harness/forms.ts'
import { linkTo, mailTo } from './harness/inbox.ts'
import { holdRequests } from './harness/network.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

test('a forgotten password is replaced by a mailed link, which works once', async ({ visit }) => {
  const ada = await existingUser()
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(400, '/api/auth/reset-password')
  await page.getByLabel('Email').fill(ada.email)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await atPage(page, 'Forgot your password?')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await atPage(page, 'Check your email')

  const link = await linkTo(ada.email)
  await page.goto(link)
  await atPage(page, 'Choose a new password')
  expect(new URL(page.url()).hash).toBe('')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
  await page.getByLabel('New password', { exact: true }).fill('a password that is new')
  await page.getByRole('button', { name: 'Save password' }).click()
  await atPage(page, 'Your password has been changed')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, { email: ada.email, password: 'a password that is new' })
  await homeLoaded(page)

  await page.goto('about:blank')
  await page.goto(link)
  await page.getByLabel('New password', { exact: true }).fill('a third password')
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('This link has been used')
})

test('an address without an account ends at the same page', async ({ visit }) => {
  const { page } = await visit('/forgot-password')
  await page.getByLabel('Email').fill(newUser().email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await atPage(page, 'Check your email')
})

test('a mail can be asked for again after a minute, not before', async ({ visit }) => {
  const { page } = await visit('/forgot-password')
  await page.clock.install()
  await page.getByLabel('Email').fill(newUser().email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await atPage(page, 'Check your email')
  expect(await page.getByRole('button', { name: 'Send it again' }).count()).toBe(0)
  await page.clock.fastForward(61_000)
  await page.getByRole('button', { name: 'Send it again' }).click()
  await page.getByText('We have sent the email again.').first().waitFor()
})

test.for(['/reset-password', '/change-email', '/delete-account', '/reset-password#token='])(
  '%s without a link says where to find it',
  async (path, { visit }) => {
    const { page } = await visit(path)
    await atPage(page, 'Open the link in the email')
  },
)

test('who is signed in confirms the address with a click', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  await page.getByRole('button', { name: 'Confirm email' }).click()
  await page.getByText(`We have sent a link to ${ada.email}.`).first().waitFor()
  // Until it is known who is signed in, it would ask for the password.
  const check = await holdRequests(page, 'GET', '/api/auth/session?*')
  await page.goto(await linkTo(ada.email))
  await page.locator('.quiet-wait').waitFor()
  expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0)
  check.release()
  await atPage(page, 'Confirm your email address')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await homeLoaded(page)
  await page.goto(new URL('/account', page.url()).href)
  await page.getByText('Confirmed', { exact: true }).waitFor()
})

test('who is not signed in confirms the address with the password, and is signed in', async ({ visit, visitAs }) => {
  const ada = newUser()
  const { page: first } = await visitAs(ada, '/account')
  await first.getByRole('button', { name: 'Confirm email' }).click()
  const link = await linkTo(ada.email)

  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(401, '/api/auth/verify-email/confirm')
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('not the password of the account')
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await homeLoaded(page)
})

test('a password is changed on the account page, where password managers lead', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/.well-known/change-password')
  expectStatus(400, '/api/auth/change-password')
  await atPage(page, 'Your account')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Password')
  await page.getByRole('button', { name: 'Change password' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change password' })
  await dialog.getByLabel('Current password').fill('not the password')
  await dialog.getByLabel('New password').fill('a password that is new')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('This is not your current password.')
  await dialog.getByLabel('Current password').fill(ada.password)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Your password has been changed.').first().waitFor()
  expect((await mailTo(ada.email)).Subject).toBe('Your password was changed')
})

test('an address is changed when both addresses have confirmed it', async ({ visitAs }) => {
  const ada = newUser()
  const next = newUser().email
  const { page } = await visitAs(ada, '/account')
  await page.getByRole('button', { name: 'Confirm email' }).click()
  await page.goto(await linkTo(ada.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await homeLoaded(page)

  await page.goto(new URL('/account', page.url()).href)
  await page.getByRole('button', { name: 'Change email' }).click()
  await page.getByLabel('New email').fill(next)
  await page.getByLabel('Current password').fill(ada.password)
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByText(`Confirm the change with the link that we have sent to ${ada.email}.`).first().waitFor()
  await page.goto(await linkTo(ada.email, 2))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await atPage(page, 'One more step')
  await page.goto(await linkTo(next))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await atPage(page, 'Your email address has been changed')
  await page.getByRole('link', { name: 'Continue' }).click()
  await homeLoaded(page)
  await page.goto(new URL('/account', page.url()).href)
  await page.getByRole('region', { name: 'Profile' }).getByText(next).waitFor()
})

test('an account is deleted by its password and a mailed link', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account#delete-account')
  expectStatus(401, '/api/auth/sign-in/email')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await page.getByLabel('Current password').fill(ada.password)
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByText('To delete the account, open the link').first().waitFor()
  await page.goto(await linkTo(ada.email))
  await atPage(page, 'Delete your account')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await atPage(page, 'Your account has been deleted')

  await page.goto(new URL('/', page.url()).href)
  await atPage(page, 'Sign in')
  expect(pathOf(page)).toBe('/sign-in')
  await signIn(page, ada)
  await page.getByRole('alert').waitFor()
})

test('the link to delete an account counts for its user only', async ({ visit, visitAs }) => {
  const ada = newUser()
  const { page: hers } = await visitAs(ada, '/account')
  await hers.getByRole('button', { name: 'Delete account' }).click()
  await hers.getByLabel('Current password').fill(ada.password)
  await hers.getByRole('button', { name: 'Send link' }).click()
  const link = await linkTo(ada.email)

  const { page: guest } = await visit('/sign-in')
  await guest.goto(link)
  await atPage(guest, 'Sign in first')
})
