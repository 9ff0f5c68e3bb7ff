import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** As the user of this page. */
export async function addNoteWithoutPage(page: Page, text: string): Promise<void> {
  const { origin } = new URL(page.url())
  const response = await page.request.post(`${origin}/api/notes`, { data: { text }, headers: { origin } })
  expect(response.status()).toBe(201)
}

/** The notes on this page, newest first. The footer has a list as well. */
export function notesOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Your notes' }).getByRole('listitem')
}
