import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { homeLoaded } from './harness/forms.ts'
import { holdRequests } from './harness/network.ts'
import { addNoteWithoutPage, notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

/** https://web.dev/articles/cls calls 0.1 good. */
const MAX_SHIFT = 0.05

const screens = [
  [320, 568],
  [360, 740],
  [768, 1024],
  [1280, 800],
] as const

test.for(screens)('at %i px the home page does not jump while it loads', async ([width, height], { visitAs }) => {
  const { page } = await visitAs(newUser('Ada Lovelace'), '/sign-up', { viewport: { width, height } })
  await homeLoaded(page)
  for (const text of ['Order a ribbon', 'Ask Charles', 'Weave patterns', 'Write to Mary'])
    await addNoteWithoutPage(page, text)
  await slowDown(page)
  await page.addInitScript(countShifts)
  await page.goto(stack.frontendUrl)
  await homeLoaded(page)
  await expect.poll(() => notesOf(page).filter({ hasText: 'Delete' }).count()).toBe(4)

  expect(await shiftOf(page)).toBeLessThanOrEqual(MAX_SHIFT)
})

test.for(screens)(
  'at %i px the parts of the home page are as tall as what stands for them',
  async (screen, { visitAs }) => {
    const [width, height] = screen
    const { page } = await visitAs(newUser('Ada Lovelace'), '/sign-up', { viewport: { width, height } })
    await homeLoaded(page)
    for (const text of ['Order a ribbon', 'Ask Charles', 'Weave patterns', 'Write to Mary'])
      await addNoteWithoutPage(page, text)
    const profile = await holdRequests(page, 'GET', '/api/me')
    const notes = await holdRequests(page, 'GET', '/api/notes')
    await page.goto(stack.frontendUrl)
    await page.locator('section .placeholder').nth(1).waitFor()
    const heights = () => page.locator('section.card').evaluateAll((cards) => cards.map((card) => card.clientHeight))
    const before = await heights()
    profile.release()
    notes.release()
    await homeLoaded(page)
    await expect.poll(() => page.locator('.placeholder').count()).toBe(0)

    expect(await heights()).toEqual(before)
  },
)

test.for([
  ['/sign-in', 1280],
  ['/sign-in', 320],
  ['/sign-up', 1280],
  ['/sign-up', 320],
] as const)(
  '%s at %i px does not jump when what it offers is known before the session is',
  async ([path, width], { newVisitor }) => {
    const { page } = await newVisitor({ viewport: { width, height: 800 } })
    await page.addInitScript(countShifts)
    const features = await holdRequests(page, 'GET', '/api/auth/features')
    const check = await holdRequests(page, 'GET', '/api/auth/session?*')
    await page.goto(stack.frontendUrl + path)
    await page.locator('.guest.loading').waitFor()
    expect(await page.getByRole('button', { name: /Sign in|Create account/ }).count()).toBe(0)
    features.release()
    await page.locator('.guest.loading .providers').waitFor({ state: 'attached' })
    check.release()
    await page.getByRole('heading', { level: 1 }).waitFor()

    expect(await shiftOf(page)).toBe(0)
  },
)

/** As on a slow mobile connection. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const bytesPerSecond = 200_000
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 300,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
}

/** Runs in the page before its script. */
function countShifts(): void {
  Object.assign(window, { shift: 0 })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) Object.assign(window, { shift: shiftIn(window) + entry.value })
  }).observe({ type: 'layout-shift', buffered: true })

  function shiftIn(global: object): number {
    return (global as { shift: number }).shift
  }
}

/** After two frames: what has moved by now has been counted. */
function shiftOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => setTimeout(() => resolve((window as unknown as { shift: number }).shift))),
        )
      }),
  )
}
