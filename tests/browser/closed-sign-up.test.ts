import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { atPage } from './harness/forms.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'

/** What an auth server with other settings responds; the rest is this stack's. */
async function withFeatures(page: Page, changed: object): Promise<void> {
  await page.route('**/api/auth/features', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...((await response.json()) as object), ...changed } })
  })
}

test.for([
  ['en-GB', 'Sign in', 'Create an account', 'Sign-up is closed', 'Sign in'],
  ['de-DE', 'Anmelden', 'Konto erstellen', 'Keine neuen Konten', 'Anmelden'],
] as const)(
  'where nobody can sign up, the pages offer no account (%s)',
  async ([locale, signIn, create, title, back], { visit }) => {
    const { page } = await visit('/sign-in', { locale })
    await atPage(page, signIn)
    await page.getByRole('link', { name: create }).waitFor()
    await withFeatures(page, { signUp: false })
    await page.reload()
    await atPage(page, signIn)
    await page.getByRole('link', { name: create }).waitFor({ state: 'detached' })

    await page.goto(`${stack.frontendUrl}/sign-up?next=/account`)
    await atPage(page, title)
    expect(await page.getByRole('textbox').count()).toBe(0)
    await page.getByRole('link', { name: back }).click()
    await atPage(page, signIn)
    expect(new URL(page.url()).search).toBe('?next=/account')
  },
)

test('the pages say and check how long a password must be', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await atPage(page, 'Create your account')
  await page.getByText('At least 8 characters; 15 or more is better.').waitFor()
  await withFeatures(page, { passwordMinLength: 20 })
  await page.reload()
  await page.getByText('At least 20 characters. All characters are allowed').waitFor()
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('x'.repeat(19))
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('The password must have at least 20 characters.').first().waitFor()
})
