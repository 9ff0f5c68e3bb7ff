import { expect } from 'vitest'
import { brand } from './harness/brand.ts'
import { atPage } from './harness/forms.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

test('a German browser gets German pages', async ({ visit, visitAs }) => {
  const guest = await visit('/sign-up', { locale: 'de-AT' })
  await atPage(guest.page, 'Konto erstellen')
  expect(await guest.page.locator('html').getAttribute('lang')).toBe('de')
  expect(await guest.page.title()).toBe(`Konto erstellen · ${brand.name}`)
  await guest.page.getByRole('button', { name: 'Konto erstellen' }).click()
  await guest.page.getByRole('alert').getByRole('link', { name: 'Geben Sie Ihre E-Mail-Adresse ein.' }).waitFor()

  const { page } = await visitAs(newUser('Ada'), '/', { locale: 'de-AT' })
  await atPage(page, 'Hallo, Ada')
  await page.getByText(/^Dabei seit \d+\. \p{L}+ \d{4}$/u).waitFor()
})

test('a change of language changes all texts on the screen, errors too, and is remembered', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').getByText('Enter your password.').waitFor()

  await page.getByRole('button', { name: 'Deutsch' }).click()

  await atPage(page, 'Anmelden')
  await page.getByRole('alert').getByText('Geben Sie Ihr Passwort ein.').waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  expect(await page.title()).toBe(`Anmelden · ${brand.name}`)
  await page.reload()
  await atPage(page, 'Anmelden')
  expect(await page.getByRole('button', { name: 'Deutsch' }).getAttribute('aria-pressed')).toBe('true')
})

test('a browser of another language gets English', async ({ visit }) => {
  const { page } = await visit('/sign-in', { locale: 'fr-FR' })
  await atPage(page, 'Sign in')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
})
