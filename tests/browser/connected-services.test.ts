import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { announced, atPage } from './harness/forms.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const sectionOf = (page: Page) => page.getByRole('region', { name: 'Connected services' })
const rowOf = (page: Page, name: string) => sectionOf(page).getByRole('listitem').filter({ hasText: name })
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)

/** At the service's own page. */
async function choose(page: Page, email: string): Promise<void> {
  await page.getByRole('heading', { name: 'Choose an account' }).waitFor()
  await page.getByLabel('Somebody else').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function connectDemo(page: Page, email: string): Promise<void> {
  await sectionOf(page).getByRole('button', { name: 'Connect Demo service' }).click()
  await choose(page, email)
  await sectionOf(page).getByText('Demo service is connected.').waitFor()
}

/** What the backend's example route says, asked by the page itself. */
const asked = (page: Page) =>
  page.evaluate(async () => {
    const response = await fetch('/api/connected-service')
    const { email, code } = (await response.json()) as { email?: string; code?: string }
    return email ?? code
  })

async function newKey(): Promise<string> {
  const page = await (await fetch(`${stack.providerUrl}/keys`)).text()
  return /demo_[0-9a-f]{40}/.exec(page)?.[0] ?? ''
}

test('a user connects a service, which the backend then uses for them, and removes it', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser(), '/account')
  const { email } = newUser()
  await connectDemo(page, email)

  expect(page.url()).toBe(`${stack.frontendUrl}/account#connected-services`)
  await rowOf(page, 'Demo service').getByText(`As ${email}`).waitFor()
  await rowOf(page, 'Demo service').getByText('Allowed: openid, profile, email').waitFor()
  await rowOf(page, 'Demo service').getByText('Connected since').waitFor()
  await expect.poll(() => focused(page)).toBe('Connected services')
  expect(await asked(page)).toBe(email)

  await page.getByRole('button', { name: 'Remove Demo service' }).click()
  await expect.poll(() => focused(page)).toBe('Cancel')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Connect Demo service' }).waitFor()
  await announced(page, 'Demo service is removed.')
  await expect.poll(() => focused(page)).toBe('Connected services')
  expectStatus(409, '/api/connected-service')
  expect(await asked(page)).toBe('SERVICE_NOT_CONNECTED')
})

test('who cancels at the service reads so, and nothing is connected', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await sectionOf(page).getByRole('button', { name: 'Connect Demo service' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await sectionOf(page).getByRole('alert').getByText('You cancelled at the service.').waitFor()
  await rowOf(page, 'Demo service').getByText('Not connected').waitFor()
  expect(page.url()).toBe(`${stack.frontendUrl}/account#connected-services`)
})

test('a user pastes a key, reads why another one is refused, and sees its end only', async ({ visitAs }) => {
  const key = await newKey()
  const { page, expectStatus } = await visitAs(newUser(), '/account')
  expectStatus(400, '/api/auth/connected-services/demo-keys/key')
  await page.getByRole('button', { name: 'Connect Demo keys' }).click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => focused(page)).toBe('')

  expect(await dialog.getByRole('link', { name: 'Get a key from Demo keys' }).getAttribute('href')).toBe(
    `${stack.providerUrl}/keys`,
  )
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.getByRole('alert').getByText('Enter the key.').waitFor()
  await dialog.getByLabel('API key').fill('not a key')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.getByRole('alert').getByText('This is not a valid key').waitFor()
  await dialog.getByLabel('API key').fill(` ${key} `)
  await dialog.getByRole('button', { name: 'Connect' }).click()

  await rowOf(page, 'Demo keys')
    .getByText(`Key ending in ${key.slice(-4)}`)
    .waitFor()
  await announced(page, 'Demo keys is connected.')
  expect(await page.content()).not.toContain(key)
})

test('a connection that has ended can be made again', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/account')
  await connectDemo(page, newUser().email)
  await stack.sql(
    `UPDATE account a SET "revokedAt" = now() FROM "user" u
      WHERE u.id = a."userId" AND u.email = '${ada.email}' AND a."providerId" = 'connected:demo'`,
  )
  await page.reload()
  await rowOf(page, 'Demo service').getByText('This connection has expired or was revoked there.').waitFor()

  await page.getByRole('button', { name: 'Connect Demo service again' }).click()
  const { email } = newUser()
  await choose(page, email)
  await rowOf(page, 'Demo service').getByText(`As ${email}`).waitFor()
  expect(await sectionOf(page).getByText('has expired').count()).toBe(0)
})

test('who signed in long ago reads that they have to sign in again', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectStatus } = await visitAs(ada, '/account')
  expectStatus(403, '/api/auth/connected-services/demo/authorize')
  await stack.sql(
    `UPDATE session s SET "createdAt" = now() - interval '25 hours' FROM "user" u WHERE u.id = s."userId" AND u.email = '${ada.email}'`,
  )
  await sectionOf(page).getByRole('button', { name: 'Connect Demo service' }).click()

  await sectionOf(page).getByRole('alert').getByText('You signed in a while ago.').waitFor()
})

test('a code in a link that nobody knows says no more than that it was refused, in the language of the page', async ({
  visitAs,
}) => {
  const { page } = await visitAs(newUser(), '/account?service=demo&service-error=<b>call+0900</b>', { locale: 'de-DE' })
  const section = page.getByRole('region', { name: 'Verbundene Dienste' })
  await section.getByRole('alert').getByText('Der Dienst hat die Verbindung abgelehnt.').waitFor()
  await atPage(page, 'Ihr Konto')
  await expect.poll(() => page.url()).toBe(`${stack.frontendUrl}/account`)
  expect(await page.getByText('0900').count()).toBe(0)
})

test('what was connected and removed is in the recent activity, by its name', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await connectDemo(page, newUser().email)
  await page.getByRole('region', { name: 'Recent activity' }).getByText('Service connected: Demo service').waitFor()
})
