import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { brand } from './harness/brand.ts'
import { addNote, announced, atPage, homeLoaded, signOut } from './harness/forms.ts'
import { addNoteWithoutPage, notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

test('one region says everything, on every page, and the same sentence twice is heard twice', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await atPage(page, 'Create your account')
  await page.locator('#announcer').evaluate((region) => region.setAttribute('data-is', 'the first'))
  const ada = newUser('Ada')
  await page.getByLabel('Email').fill(ada.email)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await homeLoaded(page)

  const heard = new Set<string | null>()
  for (const text of ['One', 'Two', 'Three']) {
    await addNote(page, text)
    await notesOf(page).getByText(text, { exact: true }).waitFor()
    await announced(page, 'Note added.')
    const now = await page.locator('#announcer').textContent()
    expect(now).not.toBe([...heard].at(-1))
    heard.delete(now)
    heard.add(now)
  }
  await signOut(page)
  await announced(page, 'You have signed out.')

  expect(await page.locator('#announcer').getAttribute('data-is')).toBe('the first')
  expect(await page.locator('[role="status"]').count()).toBe(1)
})

test('older notes that are loaded are counted, and the first of them has the focus', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await homeLoaded(page)
  for (let index = 0; index < 53; index += 1) await addNoteWithoutPage(page, `Note number ${index}.`)
  await page.reload()
  const more = page.getByRole('button', { name: 'Load more' })
  await more.waitFor()
  const shown = await notesOf(page).count()

  await more.press('Enter')

  await announced(page, `${53 - shown} more notes loaded. These are all of your notes.`)
  expect(await notesOf(page).nth(shown).evaluate(isFocused)).toBe(true)
})

test('Caps Lock is announced, also inside a dialog', async ({ visit, visitAs }) => {
  const guest = await visit('/sign-in')
  await atPage(guest.page, 'Sign in')
  await pressWithCapsLock(guest.page)
  await announced(guest.page, 'Caps Lock is on.')
  await guest.page.getByRole('main').getByText('Caps Lock is on.').waitFor()

  const { page } = await visitAs(newUser())
  await endSession(page)
  const dialog = page.getByRole('dialog')
  await pressWithCapsLock(page)
  await announced(page, 'Caps Lock is on.')
  expect(await dialog.getByRole('status').textContent()).toBe('Caps Lock is on.')
})

test('the dialog of an ended session is described, and sets the title while it is open', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await atPage(page, /^Hello/)
  const before = await page.title()
  await endSession(page)

  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  expect(await describing(page)).toBe('Your session has ended. What you typed is still here.')
  expect(await page.title()).toBe(`Sign in again · ${brand.name}`)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.title()).toBe(before)
})

test('the dialog that deletes a note is described by the note', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await addNote(page, 'A note to delete')
  await page.getByRole('button', { name: /^Delete note/ }).click()
  await page.getByRole('dialog', { name: 'Delete this note?' }).waitFor()
  expect(await describing(page)).toBe('A note to delete')
  expect(await page.title()).toBe(`Delete this note? · ${brand.name}`)
})

test('the dialog of an ended session can be read at 400 %', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 })
  await endSession(page)
  const dialog = page.getByRole('dialog')

  const isInSight = (text: string) =>
    dialog.getByText(text).evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    })
  expect(await isInSight('Sign in again')).toBe(true)
  expect(await isInSight('Your session has ended.')).toBe(true)
  expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  await dialog.getByLabel('Password', { exact: true }).focus()
  await dialog.getByRole('button', { name: 'Use another account' }).scrollIntoViewIfNeeded()
  expect(await isInSight('Use another account')).toBe(true)
})

test('after the dialog is closed, a line says that the session has ended, and opens it again', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await endSession(page)
  await page.keyboard.press('Escape')
  const line = page.getByRole('region', { name: 'Session' })
  await line.getByText('Your session has ended. Sign in again to continue.').waitFor()
  await announced(page, 'Your session has ended. Sign in again to continue.')

  await line.getByRole('button', { name: 'Sign in again' }).click()

  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
  expect(await line.count()).toBe(0)
})

test('nothing is said to have been signed out where nobody was', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  await existingUser()
  await atPage(page, 'Sign in')
  expect(await page.getByText('You have signed out.').count()).toBe(0)
})

test('a page that is checked for long says that it is loading', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/auth/session?*', async (route) => {
    await released
    await route.continue()
  })
  await page.goto(`${stack.frontendUrl}/sign-in`)
  await announced(page, 'Loading…')
  expect(await page.getByRole('textbox').count()).toBe(0)
  release()
  await atPage(page, 'Sign in')
})

const isFocused = (element: Element) => element === document.activeElement

/** A key that is pressed while Caps Lock is on: a browser under test has no such state. */
function pressWithCapsLock(page: Page): Promise<void> {
  return page.getByLabel('Password', { exact: true }).evaluate((field) => {
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true, bubbles: true }))
  })
}

/** On the server, and the user comes back to the tab. */
async function endSession(page: Page): Promise<void> {
  await homeLoaded(page)
  const { origin } = new URL(page.url())
  const response = await page.request.post(`${origin}/api/auth/revoke-sessions`, { data: {}, headers: { origin } })
  expect(response.status(), await response.text()).toBe(200)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
}

function describing(page: Page): Promise<string> {
  return page
    .getByRole('dialog')
    .evaluate((dialog) => document.getElementById(dialog.getAttribute('aria-describedby') ?? '')?.textContent ?? '')
}
