import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { brand } from './harness/brand.ts'
import { addNote, atPage } from './harness/forms.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

test('everything can be done with the keyboard alone', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const ada = await existingUser('Ada')
  await atPage(page, 'Sign in')
  const type = async (text: string, ...keys: string[]) => {
    await page.keyboard.type(text)
    for (const key of keys) await page.keyboard.press(key)
  }

  await page.keyboard.press('Tab')
  await type(ada.email, 'Tab')
  await type(ada.password, 'Enter')
  await atPage(page, 'Hello, Ada')
  await tabTo(page, 'New note')
  await type('Typed without a mouse', 'Tab', 'Enter')
  await notesOf(page).waitFor()
  await tabTo(page, 'Delete note: Typed without a mouse')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await tabTo(page, 'Delete')
  await page.keyboard.press('Enter')
  await page.getByText('No notes yet').waitFor()
  await tabTo(page, 'Account: Ada')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Sign out')
  await page.keyboard.press('Enter')
  await atPage(page, 'Sign in')
})

test('each control shows when it has the focus', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await atPage(page, 'Create your account')
  const controls = await page.locator('main, footer').locator('input, button, a').count()

  for (let index = 0; index < controls; index += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)
    expect(outline).toBe('solid')
  }
})

test('going to another page moves the focus to its heading and changes the title', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  await atPage(page, 'Sign in')
  expect(await page.title()).toBe(`Sign in · ${brand.name}`)
  expect(await focused(page)).toBe('BODY')

  await page.getByRole('link', { name: 'Create an account' }).click()
  await atPage(page, 'Create your account')
  expect(await page.title()).toBe(`Create your account · ${brand.name}`)
  expect(await focused(page)).toBe('H1')

  await page.goBack()
  await atPage(page, 'Sign in')
  expect(await page.title()).toBe(`Sign in · ${brand.name}`)
  expect(await focused(page)).toBe('H1')
})

test('an unknown address shows "not found", and is', async ({ newVisitor }) => {
  const { page, expectStatus } = await newVisitor()
  expectStatus(404, '/no/such/page')
  const response = await page.goto(`${stack.frontendUrl}/no/such/page`)
  expect(response?.status()).toBe(404)
  await atPage(page, 'Page not found')
  expect(await page.title()).toBe(`Page not found · ${brand.name}`)

  await page.getByRole('link', { name: 'Go to the home page' }).click()

  await atPage(page, 'Sign in')
})

const sizes = [
  ['320 px wide', { viewport: { width: 320, height: 568 } }],
  ['zoomed to 200 % on 1280 px', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ['zoomed to 400 % on 1280 px', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
] as const

test.for(sizes)('nothing scrolls sideways when %s', async ([, options], { visitAs, visit }) => {
  const guest = await visit('/sign-up', options)
  await guest.page.getByRole('button', { name: 'Create account' }).click()
  await guest.page.getByRole('alert').waitFor()
  expect(await overflow(guest.page)).toBe(0)

  const { page } = await visitAs(newUser('Wolfeschlegelsteinhausenbergerdorff'.repeat(2)), '/', options)
  await addNote(page, `https://example.com/${'unbreakable'.repeat(40)}`)
  await notesOf(page).waitFor()
  expect(await overflow(page)).toBe(0)
  await page.getByRole('button', { name: /^Delete note/ }).click()
  await page.getByRole('dialog').waitFor()
  expect(await overflow(page)).toBe(0)
})

test.for(['/sign-in', '/sign-up'])('%s does not overflow with text of twice the size', async (path, { visit }) => {
  const { page } = await visit(path, { viewport: { width: 640, height: 800 } })
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
  expect(await overflow(page)).toBe(0)
})

test('every target is at least 44 px high', async ({ visit, visitAs }) => {
  const guest = await visit('/sign-up')
  await guest.page.getByRole('button', { name: 'Create account' }).click()
  await guest.page.getByRole('alert').waitFor()
  expect(await smallTargets(guest.page)).toEqual([])

  const { page } = await visitAs(newUser())
  await addNote(page, 'A note')
  await notesOf(page).waitFor()
  expect(await smallTargets(page)).toEqual([])
})

test('nothing moves for a user who prefers reduced motion', async ({ visit }) => {
  const { page } = await visit('/sign-in', { reducedMotion: 'reduce' })
  await atPage(page, 'Sign in')

  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element)
        return style.animationName !== 'none' || style.transitionDuration !== '0s'
      }).length,
  )

  expect(moving).toBe(0)
})

test('the page follows the colour scheme', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const lightness = () =>
    page.evaluate(() => {
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)?.map(Number) ?? []
      return (red + green + blue) / 3
    })

  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await lightness()).toBeLessThan(60)
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await lightness()).toBeGreaterThan(200)
})

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab')
    const reached = await page.evaluate(() => {
      const element = document.activeElement
      const label = element instanceof HTMLTextAreaElement ? element.labels[0]?.textContent : null
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent
    })
    if (reached === name) return
  }
  throw new Error(`Tab does not reach ${name}`)
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.tagName)
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** A menu that is closed is measured where it is opened. */
function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator('a:visible, button:visible, input:visible, textarea:visible')
    .evaluateAll((elements) =>
      elements.filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.outerHTML),
    )
}
