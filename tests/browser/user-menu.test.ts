import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { atPage, homeLoaded, openUserMenu } from './harness/forms.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const button = (page: Page) => page.getByRole('button', { name: 'Account: Ada Lovelace' })
const signOutButton = (page: Page) => page.getByRole('button', { name: 'Sign out' })

test('the menu says who is signed in and leads home, to the account, the languages and out', async ({ visitAs }) => {
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada)
  await homeLoaded(page)
  expect(await signOutButton(page).count()).toBe(0)
  expect(await button(page).getAttribute('aria-expanded')).toBe('false')

  await openUserMenu(page)

  const header = page.getByRole('banner')
  expect(await button(page).getAttribute('aria-expanded')).toBe('true')
  await header.getByText(ada.email).waitFor()
  expect(await header.getByRole('link', { name: 'Home' }).getAttribute('aria-current')).toBe('page')
  await header.getByRole('link', { name: 'Your account' }).click()
  await atPage(page, 'Your account')
  await openUserMenu(page)
  await header.getByRole('button', { name: 'Deutsch' }).click()
  await header.getByRole('button', { name: 'Abmelden' }).waitFor()
  await header.getByRole('button', { name: 'English' }).click()
  await signOutButton(page).click()
  await atPage(page, 'Sign in')
})

test('a click elsewhere closes the menu and does what was clicked', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada Lovelace'))
  await homeLoaded(page)
  await openUserMenu(page)
  await signOutButton(page).waitFor()

  await page.getByRole('heading', { level: 1 }).click()
  await signOutButton(page).waitFor({ state: 'hidden' })
  await openUserMenu(page)
  await page.getByLabel('New note').click()

  await signOutButton(page).waitFor({ state: 'hidden' })
  expect(await page.getByLabel('New note').evaluate((element) => element === document.activeElement)).toBe(true)
})

test('a click on text of the menu does not close it, and a second click on its button does', async ({ visitAs }) => {
  const ada = newUser('Ada Lovelace')
  const { page } = await visitAs(ada)
  await homeLoaded(page)
  await openUserMenu(page)

  await page.getByRole('banner').getByText(ada.email).click()
  expect(await signOutButton(page).isVisible()).toBe(true)

  await button(page).click()
  await signOutButton(page).waitFor({ state: 'hidden' })
})

test('the menu can be used with the keyboard alone', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada Lovelace'))
  await homeLoaded(page)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
    return page.evaluate(() => document.activeElement?.textContent)
  }

  await button(page).focus()
  await press('Enter')
  expect(await press('ArrowDown')).toBe('Home')
  expect(await press('ArrowDown')).toBe('Your account')
  expect(await press('ArrowDown')).toBe('English')
  expect(await press('End')).toBe('Sign out')
  expect(await press('ArrowDown')).toBe('Home')
  expect(await press('ArrowUp')).toBe('Sign out')
  expect(await press('Home')).toBe('Home')

  await press('Escape')
  await signOutButton(page).waitFor({ state: 'hidden' })
  expect(await button(page).evaluate((element) => element === document.activeElement)).toBe(true)

  await press(' ', 'Tab', 'Tab', 'Tab', 'Tab')
  expect(await press('Tab')).toBe('Sign out')
  await press('Tab')
  await signOutButton(page).waitFor({ state: 'hidden' })
})

test('an arrow key opens the menu at its first or last entry', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada Lovelace'))
  await homeLoaded(page)
  const focused = () => page.evaluate(() => document.activeElement?.textContent)

  await button(page).focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('Home')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowUp')

  await expect.poll(focused).toBe('Sign out')
})

test('a link of the menu closes it and gives the focus back', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada Lovelace'))
  await homeLoaded(page)
  await openUserMenu(page)

  await page.getByRole('banner').getByRole('link', { name: 'Home' }).click()

  await signOutButton(page).waitFor({ state: 'hidden' })
  expect(await button(page).evaluate((element) => element === document.activeElement)).toBe(true)
})

test('on a narrow screen the menu fits, also with a long name, and every target is 44 px high', async ({ visitAs }) => {
  const long = `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} ${'x'.repeat(40)}`
  const { page } = await visitAs(newUser(long), '/', { viewport: { width: 320, height: 568 } })
  await homeLoaded(page)
  await openUserMenu(page)
  await signOutButton(page).waitFor()

  const { overflow, left, right, small } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const panel = document.querySelector('.user-menu-panel')?.getBoundingClientRect()
    const targets = [...document.querySelectorAll('header :is(a, button)')]
    return {
      overflow: scrollWidth - clientWidth,
      left: panel?.left ?? Number.NaN,
      right: clientWidth - (panel?.right ?? Number.NaN),
      small: targets
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML),
    }
  })

  expect({ overflow, small }).toEqual({ overflow: 0, small: [] })
  expect(left).toBeGreaterThanOrEqual(0)
  expect(right).toBeGreaterThanOrEqual(0)
})
