import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { addNote, atPage, homeLoaded, openUserMenu } from './harness/forms.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const HEBREW = 'עדה לאבלייס'

test('words of a user run in their own direction', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(HEBREW))
  await homeLoaded(page)
  await page.getByLabel('New note').fill('שלום 123')
  expect(await directionOf(page.getByLabel('New note'))).toBe('rtl')
  await page.getByRole('button', { name: 'Add note' }).click()
  const note = notesOf(page).getByRole('paragraph')
  await note.waitFor()

  expect(await directionOf(note)).toBe('rtl')
  const greeting = page.getByRole('heading', { level: 1 })
  expect(await greeting.locator('bdi').allTextContents()).toEqual([HEBREW])
  expect(await directionOf(greeting)).toBe('ltr')
  const profile = page.getByRole('region', { name: 'Your profile' })
  expect(await directionOf(profile.getByText(HEBREW))).toBe('rtl')
  await page.getByRole('button', { name: /^Delete note/ }).click()
  expect(await directionOf(page.getByRole('dialog').locator('blockquote'))).toBe('rtl')
})

test('no text of a user stands outside an element of its own direction', async ({ visitAs }) => {
  const ada = newUser(HEBREW)
  const { page } = await visitAs(ada)
  await homeLoaded(page)
  await addNote(page, HEBREW)
  await notesOf(page).getByText(HEBREW).waitFor()
  await openUserMenu(page)

  const loose = await page
    .locator(`:text("${HEBREW}"), :text("${ada.email}")`)
    .evaluateAll((elements) =>
      elements.filter((element) => !element.closest('bdi, [dir="auto"]')).map((element) => element.outerHTML),
    )
  expect(loose).toEqual([])
})

test('a right-to-left name, email and password are typed in their own direction', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  const name = page.getByLabel('Name', { exact: true })
  const password = page.getByLabel('Password', { exact: true })
  await name.fill(HEBREW)
  await password.fill(HEBREW)
  await page.getByRole('button', { name: 'Show password' }).click()

  expect(await directionOf(name)).toBe('rtl')
  expect(await directionOf(password)).toBe('rtl')
  // Not under the button, which stays on the right.
  expect(await password.evaluate((field) => getComputedStyle(field).paddingRight)).toBe('52px')
})

test.for([
  ['ada 🦊 lovelace', 'AL'],
  ['e\u0301lan', 'E\u0301'],
  ['🦊', ''],
])('the name %s has the initials %j', async ([name = '', initials], { visitAs }) => {
  const { page } = await visitAs(newUser(name))
  const avatar = page.getByRole('region', { name: 'Your profile' }).locator('.avatar')
  await page.getByText(/^Member since/).waitFor()

  expect(await avatar.getAttribute('data-initials')).toBe(initials)
  expect(await avatar.locator('svg').count()).toBe(initials ? 0 : 1)
})

test('on paper there are the profile and the notes, dark on white, and nothing to click', async ({ visitAs }) => {
  const { page } = await visitAs(newUser('Ada'))
  await homeLoaded(page)
  await addNote(page, 'A note on paper')
  const note = notesOf(page).getByText('A note on paper')
  await note.waitFor()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })

  expect(await note.isVisible()).toBe(true)
  expect(await page.getByText(/^Member since/).isVisible()).toBe(true)
  for (const control of await page.locator('button, input, textarea, a, footer').all())
    expect(await control.isVisible()).toBe(false)
  expect(await lightness(note, 'color')).toBeLessThan(60)
  expect(await lightness(page.locator('html'), 'backgroundColor')).toBe(255)
  expect(await lightness(page.locator('section.card').first(), 'backgroundColor')).toBe(255)
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
})

test('a field that is invalid can be told by its shape where the user has chosen the colours', async ({ visit }) => {
  const { page } = await visit('/sign-up', { forcedColors: 'active' })
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('alert').waitFor()
  const look = (label: string) =>
    page.getByLabel(label, { exact: true }).evaluate((field) => {
      const { borderTopStyle, borderTopWidth } = getComputedStyle(field)
      return `${borderTopWidth} ${borderTopStyle}`
    })

  expect(await look('Name')).toBe('1px solid')
  expect(await look('Email')).toBe('3px dashed')
  expect(await look('Password')).toBe('3px dashed')
  // axe measures the colours of the pages, not those of the user.
  await page.emulateMedia({ forcedColors: 'none' })
})

test('a guest’s first visit logs no error, and asks for the session once', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  const checks: number[] = []
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  page.on('response', (response) => {
    if (response.url().includes('/api/auth/session')) checks.push(response.status())
  })
  await page.goto(stack.frontendUrl)
  await atPage(page, 'Sign in')

  expect(checks).toEqual([200])
  expect(messages).toEqual([])
})

function directionOf(element: Locator): Promise<string> {
  return element.evaluate((found) => getComputedStyle(found).direction)
}

/** From 0 to 255. */
function lightness(element: Locator, property: 'color' | 'backgroundColor'): Promise<number> {
  return element.evaluate((found, name) => {
    const [red = 0, green = 0, blue = 0] = getComputedStyle(found)[name].match(/\d+/g)?.map(Number) ?? []
    return (red + green + blue) / 3
  }, property)
}
