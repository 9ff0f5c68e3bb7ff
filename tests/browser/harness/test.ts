import { randomInt } from 'node:crypto'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { test as base, expect } from 'vitest'
import { accessibilityFaults } from './accessibility.ts'
import { type Complaints, collectComplaints } from './complaints.ts'
import { newPerson, type Person } from './people.ts'
import { stack } from './stack.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A browser of their own, at an address of their own. */
export interface Visitor {
  page: Page
  /** Another tab of the same browser. */
  openTab: (path: string) => Promise<Page>
  /** Names a failure that the test is about; 0 stands for "offline". */
  expectStatus: Complaints['expectStatus']
  expectMessage: Complaints['expectMessage']
}

interface Fixtures {
  browser: Browser
  /** A new visitor. When the test is over, nothing may have been complained about, by the console or by axe. */
  arrive: (options?: BrowserContextOptions) => Promise<Visitor>
  /** A new visitor opens a page of the app. */
  visit: (path: string, options?: BrowserContextOptions) => Promise<Visitor>
  /** The same, signed in: the account is made straight at the auth server. */
  visitAs: (person: Person, path?: string, options?: BrowserContextOptions) => Promise<Visitor>
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
    { scope: 'file' },
  ],

  arrive: async ({ browser }, use) => {
    const leave: (() => Promise<void>)[] = []
    await use(async (options) => {
      const { visitor, goodbye } = await openBrowser(browser, options)
      leave.push(goodbye)
      return visitor
    })
    for (const goodbye of leave) await goodbye()
  },

  visit: async ({ arrive }, use) => {
    await use(async (path, options) => {
      const visitor = await arrive(options)
      await visitor.page.goto(stack.frontendUrl + path)
      return visitor
    })
  },

  visitAs: async ({ arrive }, use) => {
    await use(async (person, path = '/', options) => {
      const visitor = await arrive(options)
      await register(visitor.page, person)
      await visitor.page.goto(stack.frontendUrl + path)
      return visitor
    })
  },
})

async function openBrowser(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    // A colour that is just changing has no contrast to measure.
    reducedMotion: 'reduce',
    // Sign-ins are counted by address. The pages call nobody but the stack, so nobody else sees this header.
    extraHTTPHeaders: { 'x-real-ip': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` },
    ...options,
  })
  context.setDefaultTimeout(10_000)
  const complaints = collectComplaints(context)
  // Before signing in, this is how the app learns that there is nobody.
  complaints.expectStatus(401, '/api/auth/session')

  async function openTab(path: string): Promise<Page> {
    const page = await context.newPage()
    await page.goto(stack.frontendUrl + path)
    return page
  }

  async function goodbye(): Promise<void> {
    for (const page of context.pages()) {
      if (await page.getByRole('main').count()) complaints.list.push(...(await accessibilityFaults(page)))
    }
    await context.close()
    expect(complaints.list).toEqual([])
  }

  const { expectStatus, expectMessage } = complaints
  return { visitor: { page: await context.newPage(), openTab, expectStatus, expectMessage }, goodbye }
}

/** Signs the browser of this page in as somebody new. */
export async function register(page: Page, person: Person): Promise<void> {
  const answer = await page.request.post(`${stack.frontendUrl}/api/auth/sign-up/email`, {
    data: person,
    headers: { origin: stack.frontendUrl },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

/** Somebody who has an account and is not signed in anywhere here. */
export async function someoneElse(page: Page, name?: string): Promise<Person> {
  const person = newPerson(name)
  await register(page, person)
  await page.context().clearCookies()
  return person
}
