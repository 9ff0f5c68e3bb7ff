import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { addNote, alertText, atPage } from './harness/forms.ts'
import { holdNextResponse, holdRequests } from './harness/network.ts'
import { addNoteWithoutPage, notesOf } from './harness/notes.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

test('a note is added on top, with its time, and is still there after a reload', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await addNote(page, 'The first note')
  await page.getByText('Note added.').waitFor({ state: 'attached' })
  await addNote(page, 'The second note\nhas two lines')
  const notes = notesOf(page)
  await expect.poll(() => notes.count()).toBe(2)
  expect(await notes.first().textContent()).toContain('The second note\nhas two lines')
  expect(await page.getByLabel('New note').inputValue()).toBe('')

  await page.reload()

  await expect.poll(() => notes.count()).toBe(2)
  const time = await notes.first().getByRole('time').getAttribute('datetime')
  expect(Math.abs(Date.parse(time ?? '') - Date.now())).toBeLessThan(60_000)
})

test('a note that is added while the list is still loading is shown', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await page.getByText('No notes yet').waitFor()
  const listBefore = await holdNextResponse(page, '/api/notes*')
  await page.reload()

  await addNote(page, 'Added early')
  await page.getByText('Note added.').waitFor({ state: 'attached' })
  listBefore.release()

  await notesOf(page).filter({ hasText: 'Added early' }).waitFor()
})

test('a note whose answer comes just before that of a list without it is shown', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await page.getByText('No notes yet').waitFor()
  await page.addInitScript(holdListUntilAdded)
  await page.reload()

  await addNote(page, 'Added early')
  await page.getByText('Note added.').waitFor({ state: 'attached' })

  await notesOf(page).filter({ hasText: 'Added early' }).waitFor()
})

/** Runs in the page: the first list comes right after the answer to the first POST, before anything is rendered between them. */
function holdListUntilAdded(): void {
  const { fetch } = window
  let isFirst = true
  let release = () => {}
  const isAdded = new Promise<void>((resolve) => {
    release = resolve
  })
  window.fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!new URL(response.url).pathname.endsWith('/api/notes')) return response
    // Read whole, so that the page waits for nothing but the order given here.
    const whole = new Response(await response.text(), response)
    if (init?.method === 'POST') release()
    else if (isFirst) {
      isFirst = false
      await isAdded
      for (let turn = 0; turn < 3; turn += 1) await null
    }
    return whole
  }
}

test('a note is deleted after a confirmation, and the focus is not lost', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await addNote(page, 'Keep this')
  await notesOf(page).filter({ hasText: 'Keep this' }).waitFor()
  await addNote(page, 'Drop this')
  const remove = page.getByRole('button', { name: 'Delete note: Drop this' })
  const dialog = page.getByRole('dialog', { name: 'Delete this note?' })

  await remove.click()
  const cancel = dialog.getByRole('button', { name: 'Cancel' })
  expect(await cancel.evaluate((button) => button === document.activeElement)).toBe(true)
  await cancel.click()
  expect(await remove.evaluate((button) => button === document.activeElement)).toBe(true)
  await remove.click()
  await dialog.getByRole('button', { name: 'Delete' }).click()

  await remove.waitFor({ state: 'detached' })
  expect(await notesOf(page).allTextContents()).toEqual([expect.stringContaining('Keep this')])
  const heading = page.getByRole('heading', { name: 'Your notes' })
  await expect.poll(() => heading.evaluate((title) => title === document.activeElement)).toBe(true)
})

test('older notes are loaded on demand, each once', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await atPage(page, /^Hello/)
  const texts = Array.from({ length: 60 }, (_, index) => `Note number ${index}.`)
  // Some at the same time, but no more than the backend has connections: the others might wait too long for one.
  for (let at = 0; at < texts.length; at += 10)
    await Promise.all(texts.slice(at, at + 10).map((text) => addNoteWithoutPage(page, text)))
  const newestFirst = await noteTexts(page)
  expect(newestFirst.toSorted()).toEqual(texts.toSorted())
  await page.reload()
  const more = page.getByRole('button', { name: 'Load more' })
  await more.waitFor()

  while (await more.count()) {
    const shown = await notesOf(page).count()
    await more.click()
    await expect.poll(() => notesOf(page).count()).toBeGreaterThan(shown)
  }

  const shown = await notesOf(page).getByRole('paragraph').allTextContents()
  expect(shown).toEqual(newestFirst)
})

test('a note full of HTML is shown as it was typed', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  page.on('dialog', () => expect.unreachable('the note ran as code'))
  const text = '<img src=x onerror=alert(1)> <a href="javascript:alert(2)">x</a> <script>alert(3)</script>'

  await addNote(page, text)

  await notesOf(page).getByText(text).waitFor()
  expect(await page.locator('main img, main script, main a').count()).toBe(0)
})

test('an empty note is not sent', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await addNote(page, '  \n ')
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('Write something first.')
})

test('a note has at most 2,000 characters, and a longer one stays in the field', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  const longest = '😀'.repeat(2000)
  await addNote(page, `${longest}!`)
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('A note can have at most 2,000 characters.')
  expect(await page.getByLabel('New note').inputValue()).toBe(`${longest}!`)

  await addNote(page, longest)

  await notesOf(page).getByText(longest).waitFor()
})

test('a note that only the backend can refuse stays in the field', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser())
  expectStatus(400, '/api/notes')
  const text = 'ends in a NUL: \0.'

  await addNote(page, text)

  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('This note cannot be saved')
  expect(await page.getByLabel('New note').inputValue()).toBe(text)
})

test('text that is typed while a note is being saved stays', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  const held = await holdRequests(page, 'POST', '/api/notes')
  await addNote(page, 'First thought')
  await page.getByLabel('New note').fill('First thought, and a second')
  held.release()

  await notesOf(page).getByText('First thought', { exact: true }).waitFor()
  expect(await page.getByLabel('New note').inputValue()).toBe('First thought, and a second')
})

test('a user does not see another user’s notes', async ({ visitAs }) => {
  const ada = await visitAs(newUser('Ada'))
  await addNote(ada.page, 'A secret of Ada')
  await notesOf(ada.page).waitFor()

  const bea = await visitAs(newUser('Bea'))

  await bea.page.getByText('No notes yet').waitFor()
})

/** All of them, newest first. */
async function noteTexts(page: Page): Promise<string[]> {
  const response = await page.request.get(`${new URL(page.url()).origin}/api/notes?limit=100`)
  const { notes } = (await response.json()) as { notes: { text: string }[] }
  return notes.map(({ text }) => text)
}
