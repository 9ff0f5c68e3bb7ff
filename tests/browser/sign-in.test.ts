import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { OFFLINE } from './harness/console.ts'
import { alertText, announced, atPage, pathOf, signIn, signOut } from './harness/forms.ts'
import { holdRequests } from './harness/network.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

const SIGN_IN = '/api/auth/sign-in/email'

test('signing out leads to the sign-in page, and signing in back', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const { page } = await visitAs(ada)
  await signOut(page)
  expect(pathOf(page)).toBe('/sign-in')
  await page.getByRole('main').getByText('You have signed out.').waitFor()
  await announced(page, 'You have signed out.')

  await signIn(page, ada)

  await atPage(page, 'Hello, Ada')
})

test('after signing out the back button shows nothing of the page before', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada'))
  await atPage(page, 'Hello, Ada')
  await signOut(page)

  await page.goBack()

  expect(await page.getByText('Hello, Ada').count()).toBe(0)
})

test('a wrong password and an unknown email show the same error, and the email stays', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(401, SIGN_IN)
  const known = await existingUser()
  const unknown = newUser()

  await signIn(page, { email: known.email, password: 'not the password' })
  await page.getByRole('alert').waitFor()
  const wrongPassword = await alertText(page)
  expect(await page.getByLabel('Email').inputValue()).toBe(known.email)
  await signIn(page, unknown)
  await page.getByRole('alert').waitFor()

  expect(await alertText(page)).toBe(wrongPassword)
  expect(wrongPassword).toContain('The email or password is incorrect.')
  expect(wrongPassword).not.toContain('For support')
})

test('a sign-in leads to the page that the user wanted', async ({ visit }) => {
  const { page } = await visit('/?from=mail')
  const ada = await existingUser()
  await atPage(page, 'Sign in')
  expect(pathOf(page)).toBe('/sign-in?next=%2F%3Ffrom%3Dmail')

  await signIn(page, ada)

  await atPage(page, /^Hello/)
  expect(pathOf(page)).toBe('/?from=mail')
})

test('the page that the user wanted is kept on the way over the sign-up page', async ({ visit }) => {
  const { page } = await visit('/?from=mail')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await atPage(page, 'Sign in')

  expect(pathOf(page)).toBe('/sign-in?next=%2F%3Ffrom%3Dmail')
})

test.for([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/%5Cevil.example',
  '\\\\evil.example',
  'https:evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  'data:text/html,hi',
  '%2F%2Fevil.example',
  '/..//evil.example',
])('a link with next=%s leads nowhere else', async (next, { visitAs }) => {
  const { page } = await visitAs(newUser(), `/sign-in?${new URLSearchParams({ next })}`)
  await atPage(page, /^Hello/)

  expect(pathOf(page)).toBe('/')
})

test('two clicks sign in once, and the button shows that it is busy', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const ada = await existingUser()
  const held = await holdRequests(page, 'POST', SIGN_IN)
  await page.getByLabel('Email').fill(ada.email)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick()

  const busy = page.getByRole('button', { name: 'Signing in…' })
  await busy.waitFor()
  expect(await busy.getAttribute('aria-busy')).toBe('true')
  await page.getByLabel('Password', { exact: true }).press('Enter')
  held.release()
  await atPage(page, /^Hello/)

  expect(held.count()).toBe(1)
})

test('after ten seconds without a response the page says that it takes long', async ({ visit }) => {
  const { page, stopClock } = await visit('/sign-in')
  const ada = await existingUser()
  const held = await holdRequests(page, 'POST', SIGN_IN)
  await stopClock()
  await signIn(page, ada)
  const slow = page.getByRole('main').getByText('This is taking longer than usual.')
  await page.clock.runFor(9_000)
  expect(await slow.count()).toBe(0)

  await page.clock.runFor(1_500)

  await slow.waitFor()
  await announced(page, /^This is taking longer than usual/)
  held.release()
  await atPage(page, /^Hello/)
})

test('too many attempts start a countdown to the next one', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(401, SIGN_IN)
  expectStatus(429, SIGN_IN)
  const stranger = newUser()
  for (let tries = 0; tries < 4; tries += 1) {
    await signIn(page, stranger)
    await page.getByRole('alert').waitFor()
  }
  expect(await alertText(page)).toContain('Too many attempts.')
  expect(await alertText(page)).not.toContain('For support')
  const timer = page.getByRole('timer')
  const first = await secondsOf(timer)
  await expect.poll(() => secondsOf(timer)).toBeLessThan(first)

  await page.getByText('You can try again now.').waitFor({ timeout: 15_000 })
  expect(await alertText(page)).toBe('You can try again now.')
  await signIn(page, stranger)
  await expect.poll(() => alertText(page)).toContain('The email or password is incorrect.')
})

test('being offline shows another error than a wrong password, and the next sign-in works', async ({ visit }) => {
  const { page, expectMessage } = await visit('/sign-in')
  expectMessage(OFFLINE)
  await atPage(page, 'Sign in')
  const ada = await existingUser()
  await page.context().setOffline(true)
  await signIn(page, ada)
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('You are offline.')

  await page.context().setOffline(false)
  await expect.poll(() => alertText(page)).toBe('You are back online. You can try again now.')
  await signIn(page, ada)

  await atPage(page, /^Hello/)
})

function secondsOf(timer: Locator): Promise<number> {
  return timer.textContent().then((text) => Number(/\d+/.exec(text ?? '')?.[0]))
}
