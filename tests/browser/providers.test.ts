import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { setUpApp } from './harness/authenticator.ts'
import { atPage, homeLoaded, openUserMenu, signIn } from './harness/forms.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser, type User } from './harness/users.ts'

const toProvider = (page: Page) => page.getByRole('button', { name: 'Continue with Demo provider' })
const methodsOf = (page: Page) => page.getByRole('region', { name: 'Ways to sign in' })
const providerRow = (page: Page) => methodsOf(page).getByRole('listitem').filter({ hasText: 'Demo provider' })

/** At the provider's own page. */
async function choose(page: Page, account: { email: string } | { name: string }): Promise<void> {
  await page.getByRole('heading', { name: 'Choose an account' }).waitFor()
  if (!('email' in account)) return page.getByRole('button', { name: account.name }).click()
  await page.getByLabel('Somebody else').fill(account.email)
  await page.getByRole('button', { name: 'Continue' }).click()
}

const confirmAddress = ({ email }: User) =>
  stack.sql(`UPDATE "user" SET "emailVerified" = true WHERE email = '${email}'`)

test('a provider signs a newcomer up, and leads to the page that they wanted; this way in stays', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-up?next=/account')
  await toProvider(page).click()
  await choose(page, newUser())
  await atPage(page, 'Your account')

  expect(new URL(page.url()).pathname).toBe('/account')
  await providerRow(page).getByText('Connected since').waitFor()

  expectStatus(400, '/api/auth/unlink-account')
  await providerRow(page).getByRole('button', { name: 'Remove Demo provider' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByText('This is your only way to sign in.').first().waitFor()
  await page.keyboard.press('Escape')
  await providerRow(page).getByText('Connected since').waitFor()
})

test('who cancels at the provider is told so, and can go on', async ({ visit }) => {
  const ada = await existingUser()
  const { page } = await visit('/sign-in?next=/account')
  await toProvider(page).click()
  await choose(page, { name: 'Cancel' })

  await page.getByRole('alert').getByText('You cancelled at the provider.').waitFor()
  await expect.poll(() => page.url()).toBe(`${stack.frontendUrl}/sign-in?next=%2Faccount`)
  await signIn(page, ada)
  await atPage(page, 'Your account')
})

test.for([
  ['Cleo Example', 'The provider has not verified your email address yet.'],
  ['Dan Example', 'The provider did not share an email address'],
] as const)('%s is not signed in, and reads why', async ([name, words], { visit }) => {
  const { page } = await visit('/sign-in')
  await toProvider(page).click()
  await choose(page, { name })

  await page.getByRole('alert').getByText(words).waitFor()
})

test('a link that is over leads to the sign-in page, in the words of its language', async ({ visit }) => {
  const { page } = await visit('/api/auth/callback/demo?code=x&state=y', { locale: 'de-DE' })

  await page.getByRole('alert').getByText('Diese Anmeldung hat zu lange gedauert').waitFor()
  await atPage(page, 'Anmelden')
})

test('a code in a link that nobody knows says no more than that it did not work', async ({ visit }) => {
  const { page } = await visit('/sign-in?error=<b>call+0900</b>&error_description=call+0900')

  await page.getByRole('alert').getByText('That did not work at the provider.').waitFor()
  await expect.poll(() => page.url()).toBe(`${stack.frontendUrl}/sign-in`)
  expect(await page.getByText('0900').count()).toBe(0)
})

test('an address that is not confirmed is not handed to a provider; once it is, the account can be connected, used and removed', async ({
  visit,
}) => {
  const ada = await existingUser()
  const { page } = await visit('/sign-in')
  await toProvider(page).click()
  await choose(page, ada)
  await page.getByRole('alert').getByText('There already is an account with this email address.').waitFor()

  await confirmAddress(ada)
  await page.goto(`${stack.frontendUrl}/sign-in?next=/account`)
  await signIn(page, ada)
  await atPage(page, 'Your account')
  const other = newUser()
  await page.getByRole('button', { name: 'Connect Demo provider' }).click()
  await choose(page, other)
  await page.getByText('Demo provider is connected.').first().waitFor()
  expect(new URL(page.url()).search).toBe('')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Ways to sign in')

  await page.getByRole('button', { name: 'Remove Demo provider' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Connect Demo provider' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Ways to sign in')
})

test('a user who is signed in reads on the account page what a provider refused', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/sign-in?error=state_mismatch')

  await methodsOf(page).getByRole('alert').getByText('This sign-in took too long').waitFor()
})

test('who has not confirmed the address reads that this comes first', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser(), '/account')
  expectStatus(403, '/api/auth/link-social')
  await page.getByRole('button', { name: 'Connect Demo provider' }).click()

  await methodsOf(page).getByRole('alert').getByText('Confirm your email address first.').waitFor()
})

test('a provider that cannot be reached leaves the user on the page, with the other ways', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(503, '/api/auth/sign-in/social')
  await page.route('**/api/auth/sign-in/social', (route) =>
    route.fulfill({ status: 503, json: { code: 'PROVIDER_UNAVAILABLE', message: 'x' } }),
  )
  await toProvider(page).click()

  await page.getByRole('alert').getByText('You could not be taken to Demo provider.').waitFor()
  await page.getByLabel('Password', { exact: true }).waitFor()
})

async function connect(page: Page, account: User): Promise<void> {
  await page.getByRole('button', { name: 'Connect Demo provider' }).click()
  await choose(page, account)
  await page.getByText('Demo provider is connected.').first().waitFor()
}

async function endSessions(page: Page): Promise<void> {
  const headers = { origin: stack.frontendUrl }
  const response = await page.request.post(`${stack.frontendUrl}/api/auth/revoke-sessions`, { data: {}, headers })
  expect(response.status(), await response.text()).toBe(200)
}

test('after the provider and the code of the authenticator app, the page that was wanted opens', async ({ visit }) => {
  const [ada, there] = [await existingUser(), newUser()]
  await confirmAddress(ada)
  const { page } = await visit('/sign-in?next=/account')
  await signIn(page, ada)
  await atPage(page, 'Your account')
  const { app } = await setUpApp(page, ada)
  await connect(page, there)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await atPage(page, 'Sign in')

  await page.goto(`${stack.frontendUrl}/sign-in?${new URLSearchParams({ next: '/account#devices' })}`)
  await toProvider(page).click()
  await choose(page, there)
  await atPage(page, 'Enter your code')
  await page.getByLabel('Code', { exact: true }).fill(app.code())
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await atPage(page, 'Your account')
  const { pathname, hash } = new URL(page.url())
  expect(pathname + hash).toBe('/account#devices')
})

test('who has no password signs in again at the provider, is told to copy first, and comes back to the page', async ({
  visit,
}) => {
  const { page, expectStatus } = await visit('/sign-up')
  const there = newUser()
  await toProvider(page).click()
  await choose(page, there)
  await homeLoaded(page)
  await page.getByLabel('New note').fill('Half a thought')
  await endSessions(page)
  expectStatus(401, '/api/notes')
  await page.getByRole('button', { name: 'Add note' }).click()

  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByText('Copy what you typed first.').waitFor()
  await dialog.getByRole('button', { name: 'Continue with Demo provider' }).click()
  await choose(page, there)
  await homeLoaded(page)
  expect(new URL(page.url()).pathname).toBe('/')
})
