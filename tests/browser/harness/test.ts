import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { test as base, expect } from 'vitest'
import { findAccessibilityErrors } from './accessibility.ts'
import { type ConsoleErrors, collectConsoleErrors } from './console.ts'
import { stack } from './stack.ts'
import { randomAddress, signUpWithoutPage, type User } from './users.ts'

/**
 * Chromium loads two pages of its address bar, which nobody sees, for every window: half of the CPU time of a test. Only the
 * last --disable-features counts, so this one repeats those of Playwright.
 */
const UNUSED_FEATURES = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose'],
  ...['HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['AimEnabled', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PreconnectToSearch'],
  'ThirdPartyStoragePartitioning',
]

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  `--disable-features=${UNUSED_FEATURES.join(',')}`,
]

/** One user's browser, at a client address of its own. */
export interface Visitor {
  page: Page
  /** Another tab of the same browser. */
  openTab: (path: string) => Promise<Page>
  /**
   * From now on the pages' time passes only where the test says so, with `page.clock.runFor`, also after a reload. A clock that is only
   * installed runs by itself too, and a busy machine lets something happen between two steps of a test.
   */
  stopClock: () => Promise<void>
  expectStatus: ConsoleErrors['expectStatus']
  expectMessage: ConsoleErrors['expectMessage']
}

interface Fixtures {
  browser: Browser
  /** A new visitor. After the test there must be no error in the console, and none that axe finds on the last page. */
  newVisitor: (options?: BrowserContextOptions) => Promise<Visitor>
  /** A new visitor opens a page of the app. */
  visit: (path: string, options?: BrowserContextOptions) => Promise<Visitor>
  /** The same, signed in to a new account. */
  visitAs: (user: User, path?: string, options?: BrowserContextOptions) => Promise<Visitor>
}

export const test = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it which fixtures are needed
    async ({}, use) => {
      const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
        args: FLAGS,
      })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],

  newVisitor: async ({ browser }, use) => {
    const closeAll: (() => Promise<void>)[] = []
    await use(async (options) => {
      const { visitor, close } = await openContext(browser, options)
      closeAll.push(close)
      return visitor
    })
    for (const close of closeAll) await close()
  },

  visit: async ({ newVisitor }, use) => {
    await use(async (path, options) => {
      const visitor = await newVisitor(options)
      await visitor.page.goto(stack.frontendUrl + path)
      return visitor
    })
  },

  visitAs: async ({ newVisitor }, use) => {
    await use(async (user, path = '/', options) => {
      const visitor = await newVisitor(options)
      await signUpWithoutPage(visitor.page, user)
      await visitor.page.goto(stack.frontendUrl + path)
      return visitor
    })
  },
})

async function openContext(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    // A colour in the middle of a transition has no contrast to measure.
    reducedMotion: 'reduce',
    // The pages call nobody but the stack, so nobody else sees this header.
    extraHTTPHeaders: { 'x-real-ip': randomAddress() },
    ...options,
  })
  context.setDefaultTimeout(10_000)
  const errors = collectConsoleErrors(context)

  async function openTab(path: string): Promise<Page> {
    const page = await context.newPage()
    await page.goto(stack.frontendUrl + path)
    return page
  }

  let isClockStopped = false
  async function stopClock(): Promise<void> {
    isClockStopped = true
    await context.clock.install()
    // Not in a page's past, however late it hears of it.
    await context.clock.pauseAt(Date.now() + 60_000)
  }

  async function close(): Promise<void> {
    // axe waits for timers.
    if (isClockStopped) await context.clock.resume()
    for (const page of context.pages()) {
      // axe needs the page's own scripts to be allowed.
      const canCheck = options.javaScriptEnabled !== false && (await page.getByRole('main').count()) > 0
      if (canCheck) errors.list.push(...(await findAccessibilityErrors(page)))
    }
    await context.close()
    expect(errors.list).toEqual([])
  }

  const { expectStatus, expectMessage } = errors
  return { visitor: { page: await context.newPage(), openTab, stopClock, expectStatus, expectMessage }, close }
}
