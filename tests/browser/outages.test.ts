import { afterEach, expect } from 'vitest'
import { addNote, alertText, announced, atPage, homeLoaded, openUserMenu, signIn } from './harness/forms.ts'
import { sendMail } from './harness/mail.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

/** A page that has failed for long waits half a minute before it tries again: frontend/src/components/retry.ts. */
const LONGEST_WAIT_MS = 45_000

afterEach(() => stack.startWhatIsStopped())

test('while the auth server is unavailable, a sign-in does not look like a wrong password', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(503, '/api/auth/sign-in/email')
  const ada = await existingUser('Ada')
  await stack.stop('auth-server')
  await signIn(page, ada)
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('The service is unavailable right now.')
  expect(await alertText(page)).toContain('There is nothing wrong with what you entered.')
  expect(await alertText(page)).toMatch(/For support: \S{8,}/)
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)

  await stack.start('auth-server')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await atPage(page, 'Hello, Ada')
})

test('what was typed to sign in stays when the user returns to the tab during an outage', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(503, '/api/auth/session')
  await page.getByLabel('Email').fill('ada@example.com')
  await stack.stop('auth-server')
  const response = page.waitForResponse('**/api/auth/session?*')

  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

  expect((await response).status()).toBe(503)
  expect(await page.getByLabel('Email').inputValue()).toBe('ada@example.com')
})

test('a page opened while the auth server is unavailable does not say "signed out", and continues automatically', async ({
  visitAs,
}) => {
  const { page, expectStatus } = await visitAs(newUser('Ada'))
  expectStatus(503, '/api/auth/session')
  await homeLoaded(page)
  await stack.stop('auth-server')
  await page.reload()
  await atPage(page, 'Back in a moment')
  await page.getByText('You have not been signed out.').waitFor()

  await stack.start('auth-server')

  await page.getByRole('heading', { level: 1, name: 'Hello, Ada' }).waitFor({ timeout: LONGEST_WAIT_MS })
})

test('a note written while the auth server is unavailable is kept, and can be added afterwards', async ({
  visitAs,
}) => {
  const { page, expectStatus } = await visitAs(newUser())
  expectStatus(503, '/api/notes')
  await homeLoaded(page)
  await stack.stop('auth-server')
  await stack.outlastLeases()
  await addNote(page, 'Written in a bad moment')
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('The service is unavailable right now.')
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await page.getByLabel('New note').inputValue()).toBe('Written in a bad moment')

  await stack.start('auth-server')
  await page.getByRole('button', { name: 'Add note' }).click()

  await notesOf(page).getByText('Written in a bad moment').waitFor()
})

test('without the backend the user stays signed in, and the page’s parts are loaded again', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser('Ada'))
  expectStatus(503, '/api/me')
  expectStatus(503, '/api/notes')
  await atPage(page, 'Hello, Ada')
  await stack.stop('backend')
  await page.reload()
  await atPage(page, 'Hello, Ada')
  const notes = page.getByRole('region', { name: 'Your notes' })
  await page.getByText('Your profile could not be loaded.').waitFor()
  await notes.getByText('Your notes could not be loaded.').waitFor()
  expect(await notes.getByRole('alert').textContent()).not.toContain('what you entered')
  expect(await notes.getByRole('alert').textContent()).toMatch(/For support: \S{8,}/)

  await stack.start('backend')

  await page.getByText(/Member since/).waitFor({ timeout: LONGEST_WAIT_MS })
  await page.getByText('No notes yet').waitFor({ timeout: LONGEST_WAIT_MS })
  await announced(page, /^Your (profile is|notes are) loaded\.$/)
})

test('a sign-out that fails says so, and works later', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser())
  expectStatus(503, '/api/auth/sign-out')
  await homeLoaded(page)
  await stack.stop('auth-server')
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('alert').getByText('You are still signed in').waitFor()

  await stack.start('auth-server')
  await page.getByRole('button', { name: 'Sign out' }).click()

  await atPage(page, 'Sign in')
})

/** What Chromium says of a request depends on where the server's end meets it: before, at or after its connection. */
const SERVER_IS_GONE =
  /net::ERR_(?:CONNECTION_(?:REFUSED|RESET|CLOSED|ABORTED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/

test('an inbox that stops is said to be out of reach, until it is back and empty', async ({ newVisitor }) => {
  const { page, expectMessage } = await newVisitor()
  expectMessage(SERVER_IS_GONE)
  // Mails of other tests may wait for their time, or for another attempt. None of them may come while there is none.
  await stack.sql('DELETE FROM "mailOutbox"')
  await sendMail('ada@example.com', ['From: team@example.com', 'Subject: Before', '', 'Hello'])
  await page.goto(stack.mailUrl)

  await stack.stop('mail')
  await page.getByText('The inbox cannot be reached. Trying again…').waitFor()
  await stack.start('mail')

  await page.getByText('No mail yet.').waitFor({ timeout: 15_000 })
  await page.getByText('The inbox cannot be reached').waitFor({ state: 'hidden' })
  expect(await page.locator('#count').innerText()).toBe('0 mails')
})
