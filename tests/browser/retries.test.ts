import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { OFFLINE } from './harness/console.ts'
import { addNote, announced, atPage, homeLoaded } from './harness/forms.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

test('"Try again" shows that it tries, never twice at once, and hands the focus on when it has worked', async ({
  visitAs,
}) => {
  const { page, stopClock, expectMessage } = await visitAs(newUser())
  expectMessage(/^Failed to load resource/)
  await homeLoaded(page)
  const notes = await interrupt(page, '**/api/notes')
  await stopClock()
  await page.reload()
  const section = page.getByRole('region', { name: 'Your notes' })
  await section.getByText('Your notes could not be loaded.').waitFor()
  notes.hold()
  const before = notes.count()

  await section.getByRole('button', { name: 'Try again' }).press('Enter')
  const busy = section.getByRole('button', { name: 'Trying again…' })
  await busy.waitFor()
  await announced(page, 'Trying again…')
  expect(await busy.getAttribute('aria-busy')).toBe('true')
  await busy.press('Enter')
  await page.clock.runFor(20_000)
  await expect.poll(notes.count).toBe(before + 1)
  notes.release('fail')
  await section.getByRole('button', { name: 'Try again' }).waitFor()
  await announced(page, 'It still does not work.')

  notes.release('pass')
  await section.getByRole('button', { name: 'Try again' }).press('Enter')
  await section.getByText('No notes yet').waitFor()
  await announced(page, 'Your notes are loaded.')
  expect(await section.getByRole('heading').evaluate((title) => title === document.activeElement)).toBe(true)
})

test('a part that could not be loaded waits longer each time, and as long as the service asks for', async ({
  visitAs,
}) => {
  const { page, stopClock, expectStatus } = await visitAs(newUser())
  expectStatus(503, '/api/me')
  await homeLoaded(page)
  let count = 0
  let retryAfter = '1'
  await page.route('**/api/me', (route) => {
    count += 1
    const body = JSON.stringify({ code: 'DATABASE_UNAVAILABLE', message: 'Try again shortly.' })
    return route.fulfill({ status: 503, headers: { 'retry-after': retryAfter }, contentType: 'application/json', body })
  })
  await stopClock()
  await page.reload()
  const failed = page.getByText('Your profile could not be loaded.')
  await failed.waitFor()

  const settled = () =>
    page.getByRole('region', { name: 'Your profile' }).getByRole('button', { name: 'Try again' }).waitFor()
  const waits: number[] = []
  for (let failures = 1; failures <= 5; failures += 1) {
    const before = count
    let waited = 0
    for (; count === before && waited < 60; waited += 1) {
      await page.clock.runFor(1000)
      await settled()
    }
    waits.push(waited)
  }
  expect(waits[4]).toBeGreaterThan(waits[0] ?? 0)
  expect(Math.max(...waits)).toBeLessThanOrEqual(17)

  retryAfter = '120'
  await page.getByRole('region', { name: 'Your profile' }).getByRole('button', { name: 'Try again' }).click()
  await settled()
  const before = count
  await page.clock.runFor(119_000)
  await settled()
  expect(count).toBe(before)
  await page.clock.runFor(40_000)
  await expect.poll(() => count).toBe(before + 1)
})

test('home says that it is offline only as long as it is, and loads what it could not', async ({ visitAs }) => {
  const { page, expectMessage } = await visitAs(newUser())
  expectMessage(OFFLINE)
  await homeLoaded(page)
  await page.context().setOffline(true)
  const line = page.getByRole('region', { name: 'Connection' })
  await line.getByText('You are offline.').waitFor()
  await announced(page, /^You are offline\./)
  await addNote(page, 'Written on a train')
  const alert = page.getByRole('alert')
  await alert.getByText('You are offline.').waitFor()

  await page.context().setOffline(false)

  await line.waitFor({ state: 'detached' })
  await announced(page, 'You are back online.')
  await expect.poll(() => alert.textContent()).toBe('You are back online. You can try again now.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await notesOf(page).getByText('Written on a train').waitFor()
})

test('a page that is opened during an outage tries again on demand, and shows it', async ({ newVisitor }) => {
  const { page, stopClock, expectMessage } = await newVisitor()
  expectMessage(/^Failed to load resource/)
  const check = await interrupt(page, '**/api/auth/session?*')
  await stopClock()
  await page.goto(stack.frontendUrl)
  await atPage(page, 'Back in a moment')
  expect(await page.getByRole('main').textContent()).not.toContain('For support')
  check.hold()
  const before = check.count()

  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Trying again…' }).waitFor()
  await page.clock.runFor(20_000)
  await expect.poll(check.count).toBe(before + 1)
  check.release('pass')

  await atPage(page, 'Sign in')
})

/** The connection to one path: at first it fails; then its requests wait, and fail or pass. */
async function interrupt(page: Page, path: string) {
  let count = 0
  let mode: 'fail' | 'pass' = 'fail'
  let gate = Promise.resolve()
  let open = () => {}
  await page.route(path, async (route) => {
    count += 1
    await gate
    await (mode === 'fail' ? route.abort() : route.continue())
  })
  return {
    count: () => count,
    hold(): void {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    release(to: 'fail' | 'pass'): void {
      mode = to
      open()
    },
  }
}
