import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { brand } from './harness/brand.ts'
import { addNote, atPage, homeLoaded, signIn, signOut, signUp } from './harness/forms.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

test('without JavaScript the page says so at once, in both languages', async ({ visit }) => {
  const { page } = await visit('/', { javaScriptEnabled: false })

  await page.getByRole('heading', { name: 'This page needs JavaScript' }).waitFor()
  await page.getByRole('heading', { name: 'Diese Seite braucht JavaScript' }).waitFor()
  await page.getByRole('link', { name: 'Reload' }).waitFor()
  expect(await page.getByText('has not loaded yet').isVisible()).toBe(false)
  await expectStyled(page)
})

test('a script that does not load leaves a text in both languages, and a reload', async ({ newVisitor }) => {
  const { page, expectMessage } = await newVisitor()
  expectMessage(/^Failed to load resource: net::ERR_FAILED/)
  await page.route('**/assets/*.js', (route) => route.abort())
  await page.goto(stack.frontendUrl)

  await page.getByRole('heading', { name: 'This page has not loaded yet' }).waitFor()
  await page.getByRole('heading', { name: 'Die Seite ist noch nicht geladen' }).waitFor()
  expect(await page.getByText('JavaScript').isVisible()).toBe(false)
  await expectStyled(page)
  await page.unroute('**/assets/*.js')
  await page.getByRole('link', { name: 'Reload' }).click()

  await atPage(page, 'Sign in')
})

test('a page that loads in time never shows the text of one that does not', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  const [shown] = await Promise.all([page.waitForEvent('domcontentloaded'), page.goto(`${stack.frontendUrl}/sign-in`)])
  expect(await shown.getByText('has not loaded yet').isVisible()).toBe(false)
  await atPage(page, 'Sign in')
  expect(await page.locator('.startup').count()).toBe(0)
})

test.for([
  ['en-GB', 'Something went wrong', 'Reload', 'Hello, Ada'],
  ['de-DE', 'Etwas ist schiefgegangen', 'Neu laden', 'Hallo, Ada'],
] as const)('a page that throws while it renders says so and can be reloaded: %s', async (texts, { visitAs }) => {
  const [locale, title, reload, greeting] = texts
  const { page, expectMessage } = await visitAs(newUser('Ada'), '/', { locale })
  expectMessage(/the formatter is broken/)
  await page.getByText(/^(Member since|Dabei seit)/).waitFor()
  await page.evaluate(() => {
    Intl.DateTimeFormat = class {
      constructor() {
        throw new Error('the formatter is broken')
      }
    } as unknown as typeof Intl.DateTimeFormat
  })
  await page.getByRole('button', { name: /^(Account|Konto): / }).click()
  for (const language of locale === 'en-GB' ? ['Deutsch', 'English'] : ['English', 'Deutsch'])
    await page.getByRole('button', { name: language }).click()

  await atPage(page, title)
  expect(await page.title()).toBe(`${title} · ${brand.name}`)
  await page.getByRole('button', { name: reload }).click()

  await atPage(page, greeting)
})

test('an error that not even the page for errors survives leaves the first text', async ({ visit }) => {
  const { page, expectMessage } = await visit('/sign-in')
  expectMessage(/no entries today/)
  await atPage(page, 'Sign in')
  await page.evaluate(() => {
    Object.fromEntries = () => {
      throw new Error('no entries today')
    }
  })

  await page.getByRole('button', { name: 'Deutsch' }).click()

  await page.getByRole('heading', { name: 'This page has not loaded yet' }).waitFor()
  await page.getByRole('link', { name: 'Reload' }).click()
  await atPage(page, 'Anmelden')
})

/** What a browser may refuse, or not have. Each runs in the page before its script. */
const refusals = {
  'a channel between tabs': () => {
    globalThis.BroadcastChannel = class {
      constructor() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
    } as unknown as typeof BroadcastChannel
  },
  storage: () => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        },
      })
  },
  'its languages': () => {
    Object.defineProperty(navigator, 'languages', { value: undefined })
    Object.defineProperty(navigator, 'language', { value: 'en-US@posix' })
  },
  'anything newer': () => {
    for (const [owner, name] of [
      [globalThis, 'BroadcastChannel'],
      [AbortSignal, 'timeout'],
      [Intl, 'Segmenter'],
      [crypto, 'randomUUID'],
    ] as const)
      Reflect.deleteProperty(owner, name)
  },
}

test.for(Object.entries(refusals))('the app works in a browser that refuses %s', async ([, refuse], { newVisitor }) => {
  const { page } = await newVisitor()
  await page.addInitScript(refuse)
  await page.goto(`${stack.frontendUrl}/sign-up`)
  const ada = newUser('Ada')

  await signUp(page, ada)
  await atPage(page, 'Hello, Ada')
  await homeLoaded(page)
  await addNote(page, 'A note')
  await notesOf(page).getByText('A note').waitFor()
  await signOut(page)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await atPage(page, 'Anmelden')
})

test('a browser that refuses cookies, storage and the channel is told to allow cookies', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.addInitScript(refusals['a channel between tabs'])
  await page.addInitScript(refusals.storage)
  await page.route('**/api/auth/sign-in/email', async (route) => {
    const response = await route.fetch()
    const { 'set-cookie': _refused, ...headers } = response.headers()
    await page.context().clearCookies()
    await route.fulfill({ response, headers })
  })
  await page.goto(`${stack.frontendUrl}/sign-in`)

  await signIn(page, await existingUser())

  await page.getByRole('alert').getByText('Allow cookies for this site').waitFor()
})

/** The card of every page, and not the browser's default look. */
async function expectStyled(page: Page): Promise<void> {
  const look = await page.getByRole('main').evaluate((main) => {
    const { borderRadius, maxWidth } = getComputedStyle(main)
    return { borderRadius, maxWidth, font: getComputedStyle(document.documentElement).fontFamily }
  })
  expect(look).toEqual({ borderRadius: '12px', maxWidth: '400px', font: 'system-ui, sans-serif' })
}
