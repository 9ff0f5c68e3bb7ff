import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { brand } from './harness/brand.ts'
import { atPage, openUserMenu, signIn } from './harness/forms.ts'
import { holdRequests } from './harness/network.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

const profileOf = (page: Page) => page.getByRole('region', { name: 'Profile' })

test('the user menu leads to the account page, which says who the user is', async ({ visitAs }) => {
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada)
  await openUserMenu(page)
  await page.getByRole('banner').getByRole('link', { name: 'Your account' }).click()
  await atPage(page, 'Your account')

  await expect.poll(() => page.title()).toBe(`Your account · ${brand.name}`)
  expect(new URL(page.url()).pathname).toBe('/account')
  await profileOf(page).getByText('Ada Lovelace').waitFor()
  await profileOf(page).getByText(ada.email).waitFor()
  await profileOf(page).getByText('Not confirmed', { exact: true }).waitFor()
  await openUserMenu(page)
  const link = page.getByRole('banner').getByRole('link', { name: 'Your account' })
  expect(await link.getAttribute('aria-current')).toBe('page')
})

test('an address that is confirmed is shown as confirmed', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  await stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${ada.email}'`)
  await page.reload()

  await profileOf(page).getByText('Confirmed', { exact: true }).waitFor()
})

test('a guest is sent to sign in, and comes back to the section that the link names', async ({ visit }) => {
  const ada = await existingUser()
  const { page } = await visit('/account#profile')
  await atPage(page, 'Sign in')
  await signIn(page, ada)
  await atPage(page, 'Your account')

  expect(new URL(page.url()).hash).toBe('#profile')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Profile')
})

test.for(['#nothing', '#constructor', '#a b', '#"'])('the link %s leads to the page', async (hash, { visitAs }) => {
  const { page } = await visitAs(newUser(), `/account${hash}`)

  await atPage(page, 'Your account')
})

test('the account page is in German for a German browser', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account', { locale: 'de-DE' })
  await atPage(page, 'Ihr Konto')

  await page.getByRole('region', { name: 'Profil' }).getByText('Nicht bestätigt').waitFor()
})

const screens = [
  [320, 568],
  [768, 1024],
  [1280, 800],
] as const

test.for(screens)('at %i px the profile is as tall as what stands for it', async ([width, height], { visitAs }) => {
  const ada = newUser('Ada Lovelace')
  const short = { ...ada, email: ada.email.slice(-20) }
  const { page } = await visitAs(short, '/sign-up', { viewport: { width, height } })
  const check = await holdRequests(page, 'GET', '/api/auth/session?*')
  await page.goto(`${stack.frontendUrl}/account`)
  const box = (card: string) =>
    page
      .locator(card)
      .first()
      .evaluate((found) => JSON.stringify(found.getBoundingClientRect()))
  await page.locator('.placeholder.card').waitFor()
  const before = await box('.placeholder.card')
  check.release()
  await atPage(page, 'Your account')

  expect(await box('section.card')).toBe(before)
})

test('on a narrow screen nothing scrolls sideways, and every target is 44 px high', async ({ visitAs }) => {
  const long = `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} ${'x'.repeat(40)}`
  const { page } = await visitAs(newUser(long), '/account', { viewport: { width: 320, height: 568 } })
  await atPage(page, 'Your account')

  const { overflow, small } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small: [...document.querySelectorAll('main :is(a, button)')]
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML),
  }))
  expect({ overflow, small }).toEqual({ overflow: 0, small: [] })
})
