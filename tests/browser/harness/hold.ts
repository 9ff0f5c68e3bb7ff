import type { Page } from 'playwright-core'

export interface Held {
  /** How many requests have come so far. */
  count: () => number
  release: () => void
}

/** Keeps requests to an address waiting until they are released. */
export async function hold(page: Page, method: string, path: string): Promise<Held> {
  let count = 0
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() === method) {
      count += 1
      await released
    }
    await route.continue()
  })
  return { count: () => count, release }
}
