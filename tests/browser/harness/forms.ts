import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { User } from './users.ts'

export async function signIn(page: Page, { email, password }: Pick<User, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function signUp(page: Page, { name, email, password }: User): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

export async function signOut(page: Page): Promise<void> {
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await atPage(page, 'Sign in')
}

/** At the end of the bar of a signed-in user's page. */
export async function openUserMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Account|Konto):/ }).click()
}

/** In the dialog over the page of a user whose session has ended. */
export async function signInAgain(page: Page, { password }: Pick<User, 'password'>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function addNote(page: Page, text: string): Promise<void> {
  await page.getByLabel('New note').fill(text)
  await page.getByRole('button', { name: 'Add note' }).click()
}

/** Waits for the page with this heading: the app has finished going there. */
export async function atPage(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

/** Waits until the home page has loaded what it shows. */
export async function homeLoaded(page: Page): Promise<void> {
  await page.getByText(/^Member since/).waitFor()
  const notes = page.getByRole('region', { name: 'Your notes' })
  await notes.getByText('No notes yet').or(notes.getByRole('listitem').first()).waitFor()
}

export async function alertText(page: Page): Promise<string> {
  return (await page.getByRole('alert').textContent()) ?? ''
}

/** Waits for what a screen reader says, where it was last told to say something. The same text again ends in a space. */
export async function announced(page: Page, text: string | RegExp): Promise<void> {
  const region = page.locator('dialog[open] > [role="status"], body:not(:has(dialog[open])) > #announcer')
  const said = () => region.textContent().then((now) => now?.replace(/\u00a0$/, ''))
  const saying = expect.poll(said, { timeout: 10_000 })
  await (text instanceof RegExp ? saying.toMatch(text) : saying.toBe(text))
}

export function pathOf(page: Page): string {
  const { pathname, search } = new URL(page.url())
  return pathname + search
}
