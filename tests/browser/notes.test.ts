import { expect } from 'vitest'
import { addNote, alertText, atPage } from './harness/forms.ts'
import { hold } from './harness/hold.ts'
import { newPerson } from './harness/people.ts'
import { test } from './harness/test.ts'

test('a note is added on top, with its time, and is still there after a reload', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  await addNote(page, 'The first note')
  await page.getByText('Note added.').waitFor({ state: 'attached' })
  await addNote(page, 'The second note\nhas two lines')
  const notes = page.getByRole('listitem')
  await expect.poll(() => notes.count()).toBe(2)
  expect(await notes.first().textContent()).toContain('The second note\nhas two lines')
  expect(await page.getByLabel('New note').inputValue()).toBe('')

  await page.reload()

  await expect.poll(() => notes.count()).toBe(2)
  const time = await notes.first().getByRole('time').getAttribute('datetime')
  expect(Math.abs(Date.parse(time ?? '') - Date.now())).toBeLessThan(60_000)
})

test('a note that is added while the list is still under way is shown', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  await page.getByText('No notes yet').waitFor()
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(
    '**/api/notes*',
    async (route) => {
      const response = await route.fetch() // read before the note is added, told after it
      await isReleased
      await route.fulfill({ response })
    },
    { times: 1 },
  )
  await page.reload()

  await addNote(page, 'Added early')
  await page.getByText('Note added.').waitFor({ state: 'attached' })
  release()

  await page.getByRole('listitem').filter({ hasText: 'Added early' }).waitFor()
})

test('a note is deleted after asking, and the focus is not lost', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  await addNote(page, 'Keep this')
  await page.getByRole('listitem').filter({ hasText: 'Keep this' }).waitFor()
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
  expect(await page.getByRole('listitem').allTextContents()).toEqual([expect.stringContaining('Keep this')])
  const heading = page.getByRole('heading', { name: 'Your notes' })
  await expect.poll(() => heading.evaluate((title) => title === document.activeElement)).toBe(true)
})

test('older notes come when they are asked for, each once', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  await atPage(page, /^Hello/)
  const texts = Array.from({ length: 60 }, (_, index) => `Note number ${index}.`)
  for (const text of texts) {
    const answer = await page.request.post(new URL('/api/notes', page.url()).href, {
      data: { text },
      headers: { origin: new URL(page.url()).origin },
    })
    expect(answer.status()).toBe(201)
  }
  await page.reload()
  const more = page.getByRole('button', { name: 'Load more' })
  await more.waitFor()

  while (await more.count()) {
    const shown = await page.getByRole('listitem').count()
    await more.click()
    await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(shown)
  }

  const shown = await page.getByRole('listitem').getByRole('paragraph').allTextContents()
  expect(shown).toEqual(texts.toReversed())
})

test('a note full of HTML is shown as it was typed', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  page.on('dialog', () => expect.unreachable('the note was run'))
  const text = '<img src=x onerror=alert(1)> <a href="javascript:alert(2)">x</a> <script>alert(3)</script>'

  await addNote(page, text)

  await page.getByRole('listitem').getByText(text).waitFor()
  expect(await page.locator('main img, main script, main a').count()).toBe(0)
})

test('an empty note is not sent', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  await addNote(page, '  \n ')
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('Write something first.')
})

test('2000 characters make a note, one more does not, and what was typed stays', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  const longest = '😀'.repeat(2000)
  await addNote(page, `${longest}!`)
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('A note can have at most 2,000 characters.')
  expect(await page.getByLabel('New note').inputValue()).toBe(`${longest}!`)

  await addNote(page, longest)

  await page.getByRole('listitem').getByText(longest).waitFor()
})

test('a note that only the backend can refuse stays in the field', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newPerson())
  expectStatus(400, '/api/notes')
  const text = 'ends in a NUL: \0.'

  await addNote(page, text)

  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('This note cannot be saved')
  expect(await page.getByLabel('New note').inputValue()).toBe(text)
})

test('what is typed while a note is being saved stays', async ({ visitAs }) => {
  const { page } = await visitAs(newPerson())
  const held = await hold(page, 'POST', '/api/notes')
  await addNote(page, 'First thought')
  await page.getByLabel('New note').fill('First thought, and a second')
  held.release()

  await page.getByRole('listitem').getByText('First thought', { exact: true }).waitFor()
  expect(await page.getByLabel('New note').inputValue()).toBe('First thought, and a second')
})

test('one person’s notes are not another’s', async ({ visitAs }) => {
  const ada = await visitAs(newPerson('Ada'))
  await addNote(ada.page, 'A secret of Ada')
  await ada.page.getByRole('listitem').waitFor()

  const bea = await visitAs(newPerson('Bea'))

  await bea.page.getByText('No notes yet').waitFor()
})
