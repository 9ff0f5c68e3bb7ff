import type { Page } from 'playwright-core'

export interface Held {
  /** How many requests have come so far. */
  count: () => number
  release: () => void
}

/** Keeps requests from their service until they are released. */
export async function holdRequests(page: Page, method: string, path: string): Promise<Held> {
  const { released, release } = createGate()
  let count = 0
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() === method) {
      count += 1
      await released
    }
    await route.continue()
  })
  return { count: () => count, release }
}

/** Keeps the response to the next request from the page until it is released. `isThere`: the service has handled the request. */
export async function holdNextResponse(
  page: Page,
  path: string,
): Promise<Pick<Held, 'release'> & { isThere: Promise<void> }> {
  const { released, release } = createGate()
  const { released: isThere, release: arrive } = createGate()
  await page.route(
    `**${path}`,
    async (route) => {
      const response = await route.fetch()
      arrive()
      await released
      await route.fulfill({ response })
    },
    { times: 1 },
  )
  return { isThere, release }
}

function createGate() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return { released, release: () => release() }
}
