import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { addNote, atPage, homeLoaded, signIn } from './harness/forms.ts'
import { newPerson } from './harness/people.ts'
import { test } from './harness/test.ts'

/** To be looked at; not kept in the repository. */
const folder = fileURLToPath(new URL('../../.local/screenshots/', import.meta.url))
/** The README's is replaced only when asked for, so that a run leaves the working tree as it was. */
const readmePicture = process.env.UPDATE_SCREENSHOT
  ? fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url))
  : `${folder}readme.png`

const looks: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 }],
]

beforeAll(() => mkdir(folder, { recursive: true }))

test.for(looks)('every page has its picture taken, %s', async ([look, options], { visit, visitAs }) => {
  const picture = (page: Page, name: string) =>
    page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true })

  const { page: guest, expectStatus } = await visit('/sign-in', options)
  expectStatus(401, '/api/auth/sign-in/email')
  await atPage(guest, 'Sign in')
  await picture(guest, 'sign-in')
  await signIn(guest, { email: 'ada@example.com', password: 'not the password' })
  await guest.getByRole('alert').waitFor()
  await picture(guest, 'sign-in-wrong')
  await guest.getByRole('link', { name: 'Create an account' }).click()
  await atPage(guest, 'Create your account')
  await picture(guest, 'sign-up')
  await guest.getByRole('button', { name: 'Create account' }).click()
  await guest.getByRole('alert').waitFor()
  await picture(guest, 'sign-up-empty')

  const { page } = await visitAs(newPerson('Ada Lovelace'), '/', options)
  await homeLoaded(page)
  await picture(page, 'home-empty')
  await writeNotes(page)
  await picture(page, 'home')
  await page.getByRole('button', { name: /^Delete note: Ask Charles/ }).click()
  await picture(page, 'delete')
  await page.keyboard.press('Escape')
  await page.goto(new URL('/no/such/page', page.url()).href)
  await atPage(page, 'Page not found')
  await picture(page, 'not-found')
})

test('the README shows the home page', async ({ visitAs }) => {
  const ada = { ...newPerson('Ada Lovelace'), email: 'ada@example.com' }
  const { page } = await visitAs(ada, '/', { viewport: { width: 960, height: 640 }, deviceScaleFactor: 2 })
  await homeLoaded(page)
  await writeNotes(page)
  await page.getByRole('heading', { level: 1 }).click()

  await page.screenshot({ path: readmePicture, fullPage: true })

  expect((await readFile(readmePicture)).length).toBeLessThan(500_000)
})

async function writeNotes(page: Page): Promise<void> {
  const texts = [
    'Order a new ribbon for the difference engine',
    'Ask Charles about the mill.\nAnd about the store.',
    'Weave algebraic patterns, as the loom weaves flowers and leaves',
  ]
  for (const text of texts) {
    await addNote(page, text)
    await page.getByRole('listitem').first().getByText(text).waitFor()
  }
}
