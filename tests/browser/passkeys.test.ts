import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { setUpApp } from './harness/authenticator.ts'
import { addDevice } from './harness/authenticator-device.ts'
import { announced, atPage, homeLoaded, openUserMenu, signOut } from './harness/forms.ts'
import { holdRequests } from './harness/network.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const passkeysOf = (page: Page) => page.getByRole('region', { name: 'Passkeys' })

async function addPasskey(page: Page): Promise<void> {
  await atPage(page, 'Your account')
  await passkeysOf(page).getByText('You have no passkey yet.').waitFor()
  await passkeysOf(page).getByRole('button', { name: 'Add a passkey' }).click()
  await announced(page, 'The passkey is added.')
}

test('a passkey is added, renamed, and signs in at the press of a button', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  const device = await addDevice(page)
  await addPasskey(page)
  expect(await device.count()).toBe(1)
  await passkeysOf(page)
    .getByRole('button', { name: /^Rename/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Rename' })
  await dialog.getByLabel('Name of the passkey').fill('My laptop')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await passkeysOf(page).getByText('My laptop').waitFor()

  await device.confirm(false)
  await signOut(page)
  expect(await page.getByLabel('Email').getAttribute('autocomplete')).toBe('username webauthn')
  // What the field offers goes unconfirmed, and pressing the button ends it; only then does the user confirm, and before the
  // device is asked for the button.
  const options = await holdRequests(page, 'GET', '/api/auth/passkey/generate-authenticate-options')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('button', { name: 'Waiting for your device…' }).waitFor()
  await device.confirm(true)
  options.release()
  await atPage(page, 'Your account')
  await passkeysOf(page)
    .getByText(/last used on/)
    .waitFor()
})

test('the button asks for a challenge when that of the field is there, which would replace it', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await addDevice(page)
  await addPasskey(page)
  const path = '/api/auth/passkey/generate-authenticate-options'
  const seen: string[] = []
  page.on('request', (request) => request.url().endsWith(path) && seen.push('asked'))
  page.on('response', (response) => response.url().endsWith(path) && seen.push('answered'))
  const options = await holdRequests(page, 'GET', path)
  await signOut(page)
  await expect.poll(options.count).toBe(1)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('button', { name: 'Waiting for your device…' }).waitFor()
  options.release()
  await atPage(page, 'Your account')

  expect(seen).toEqual(['asked', 'answered', 'asked', 'answered'])
})

test('the browser offers the passkey in the field for the address', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await addDevice(page)
  await addPasskey(page)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()

  // Nothing is pressed: the user chooses it there, which the device does at once.
  await atPage(page, 'Your account')
})

test('a session that ends is renewed in place with a passkey', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  await addDevice(page)
  await addPasskey(page)
  await page.goto(stack.frontendUrl)
  await homeLoaded(page)
  await page.getByLabel('New note').fill('Half a thought')
  const headers = { origin: stack.frontendUrl }
  const ended = await page.request.post(`${stack.frontendUrl}/api/auth/revoke-sessions`, { data: {}, headers })
  expect(ended.status()).toBe(200)
  expectStatus(401, '/api/notes')
  await page.getByRole('button', { name: 'Add note' }).click()

  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByLabel('New note').inputValue()).toBe('Half a thought')
})

test('a passkey is enough where there is an authenticator app', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  await addDevice(page)
  await setUpApp(page, ada)
  await addPasskey(page)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()

  await atPage(page, 'Your account')
})

test('a passkey that was removed signs nobody in', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser(), '/account')
  expectStatus(401, '/api/auth/passkey/verify-authentication')
  const device = await addDevice(page)
  await addPasskey(page)
  await passkeysOf(page)
    .getByRole('button', { name: /^Remove/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await announced(page, 'The passkey is removed.')
  await device.confirm(false)
  await signOut(page)
  await device.confirm(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()

  await page.getByText('This passkey is not known here.').waitFor()
})

test('a device that does not recognize its user adds nothing, and the page says so', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  const device = await addDevice(page)
  await device.recognize(false)
  await passkeysOf(page).getByRole('button', { name: 'Add a passkey' }).click()

  await passkeysOf(page).getByText('The request was closed, or took too long.').waitFor()
  expect(await device.count()).toBe(0)
})

test('a device with a passkey of this account does not add another', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await addDevice(page)
  await addPasskey(page)
  await passkeysOf(page).getByRole('button', { name: 'Add a passkey' }).click()

  await passkeysOf(page).getByText('This device has a passkey for your account already.').waitFor()
})

test('at 320 px nothing scrolls sideways, and every target is 44 px high', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account', { viewport: { width: 320, height: 568 } })
  const device = await addDevice(page)
  await addPasskey(page)
  const measure = () =>
    page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll('main :is(a, button)')]
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML),
    }))
  expect(await measure()).toEqual({ overflow: 0, small: [] })
  await device.confirm(false)
  await page.context().clearCookies()
  await page.goto(`${stack.frontendUrl}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  expect(await measure()).toEqual({ overflow: 0, small: [] })
})
