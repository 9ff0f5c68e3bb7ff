import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { addNote, atPage, homeLoaded, openUserMenu, signIn, signInAgain, signOut } from './harness/forms.ts'
import { holdNextResponse, holdRequests } from './harness/network.ts'
import { notesOf } from './harness/notes.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser, signUpWithoutPage } from './harness/users.ts'

test('signing out in one tab signs out the others', async ({ visitAs }) => {
  const { page, openTab } = await visitAs(newUser())
  const other = await openTab('/')
  await homeLoaded(other)

  await signOut(page)

  await atPage(other, 'Sign in')
})

test('who signs out while the page still loads is asked for nothing by what is refused then', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await homeLoaded(page)
  const notes = await holdRequests(page, 'GET', '/api/notes')
  await page.reload()
  await expect.poll(notes.count).toBe(1)
  await signOut(page)
  await atPage(page, 'Sign in')
  const refused = page.waitForResponse('**/api/notes')

  notes.release()

  expect((await refused).status()).toBe(401)
  await atPage(page, 'Sign in')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a refusal that comes before the response to the sign-out does not hide that it worked', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await homeLoaded(page)
  const notes = await holdRequests(page, 'GET', '/api/notes')
  const signedOut = await holdNextResponse(page, '/api/auth/sign-out')
  await page.reload()
  await expect.poll(notes.count).toBe(1)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signedOut.isThere
  const refused = page.waitForResponse('**/api/notes')

  notes.release()

  expect((await refused).status()).toBe(401)
  await page.getByRole('button', { name: 'Signing out…' }).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  signedOut.release()
  await atPage(page, 'Sign in')
  await page.getByRole('main').getByText('You have signed out.').waitFor()
})

test('signing in in one tab signs in the others', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const { page, openTab } = await visitAs(ada)
  await signOut(page)
  const other = await openTab('/sign-in')
  await atPage(other, 'Sign in')

  await signIn(page, ada)

  await atPage(other, 'Hello, Ada')
})

test('a session that ends while the user types is renewed in place, and nothing typed is lost', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const { page, expectStatus } = await visitAs(ada)
  expectStatus(401, '/api/notes')
  await endSession(page)
  await addNote(page, 'Half a thought')

  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.waitFor()
  expect(await dialog.getByLabel('Email').inputValue()).toBe(ada.email)
  expect(await dialog.getByLabel('Email').isEditable()).toBe(false)
  await signInAgain(page, ada)
  await dialog.waitFor({ state: 'detached' })

  expect(await page.getByLabel('New note').inputValue()).toBe('Half a thought')
  await page.getByRole('button', { name: 'Add note' }).click()
  await notesOf(page).getByText('Half a thought').waitFor()
})

test('a wrong password in the dialog shows its error there, and the page below stays', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada)
  expectStatus(401, '/api/notes')
  expectStatus(401, '/api/auth/sign-in/email')
  await endSession(page)
  await addNote(page, 'Half a thought')

  await signInAgain(page, { password: 'not the password' })
  await page.getByRole('dialog').getByRole('alert').getByText('The email or password is incorrect.').waitFor()
  await signInAgain(page, ada)

  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByLabel('New note').inputValue()).toBe('Half a thought')
})

test('the dialog can be closed to copy something, and opens again with the next request', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser())
  expectStatus(401, '/api/notes')
  await endSession(page)
  await addNote(page, 'Half a thought')
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.waitFor()

  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Add note' }).click()

  await dialog.waitFor()
})

test('returning to a tab whose session has ended asks to sign in again', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await atPage(page, /^Hello/)
  await endSession(page)

  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
})

test('another user who signs in sees nothing of the page before, and its author finds the draft again', async ({
  visitAs,
}) => {
  const ada = newUser('Ada')
  const bea = await existingUser('Bea')
  const { page, expectStatus } = await visitAs(ada)
  expectStatus(401, '/api/notes')
  await addNote(page, 'A note of Ada')
  await notesOf(page).waitFor()
  await page.getByLabel('New note').fill('A draft of Ada')
  await endSession(page)
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.getByRole('dialog').waitFor()

  await page.getByRole('button', { name: 'Use another account' }).click()
  await atPage(page, 'Sign in')
  await signIn(page, bea)
  await atPage(page, 'Hello, Bea')
  await page.getByText('No notes yet').waitFor()
  expect(await page.getByLabel('New note').inputValue()).toBe('')
  expect(await page.getByText('of Ada').count()).toBe(0)

  await signOut(page)
  await signIn(page, ada)
  await atPage(page, 'Hello, Ada')
  expect(await page.getByLabel('New note').inputValue()).toBe('A draft of Ada')
})

test('a tab whose browser another user has signed in to becomes that user’s page', async ({ visitAs }) => {
  const ada = newUser('Ada')
  const bea = newUser('Bea')
  const { page } = await visitAs(ada)
  await page.getByLabel('New note').fill('A draft of Ada')
  await page.context().clearCookies()
  await signUpWithoutPage(page, bea)

  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

  await atPage(page, 'Hello, Bea')
  expect(await page.getByLabel('New note').inputValue()).toBe('')
})

/** On the server: the browser keeps its cookie, and the page does not know. */
async function endSession(page: Page): Promise<void> {
  await homeLoaded(page)
  const { origin } = new URL(page.url())
  const response = await page.request.post(`${origin}/api/auth/revoke-sessions`, { data: {}, headers: { origin } })
  expect(response.status(), await response.text()).toBe(200)
}
