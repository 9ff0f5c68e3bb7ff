import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { announced, atPage, signInAgain } from './harness/forms.ts'
import { holdNextResponse, holdRequests } from './harness/network.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { USER_AGENTS } from './harness/user-agents.ts'
import { isSignedIn, newUser, signInElsewhere, type User } from './harness/users.ts'

const section = (page: Page) => page.getByRole('region', { name: 'Devices' })
const items = (page: Page) => section(page).getByRole('listitem')
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)

async function addSessions({ email }: User, count: number): Promise<void> {
  await stack.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "userAgent", "ipAddress")
     SELECT gen_random_uuid(), gen_random_uuid(), id, now() + interval '1 day', now() - interval '3 days', now() - interval '3 days',
            '${USER_AGENTS.edgeOnWindows}', '2001:db8::' || i
       FROM "user", generate_series(1, ${count}) i WHERE email = '${email}'`,
  )
}

test('a user sees where they are signed in, with this device first', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await signInElsewhere(ada, USER_AGENTS.curl)
  await page.goto(`${stack.frontendUrl}/account`)
  await expect.poll(() => items(page).count()).toBe(3)

  const [current, ...others] = await items(page).allTextContents()
  expect(current).toMatch(/^Chrome on LinuxThis device.*Active now/)
  expect(current).toMatch(/10\.\d+\.\d+\.\d+ · Signed in on /)
  expect(others.toSorted()).toEqual([
    expect.stringMatching(/^Safari on iOSActive in the last 24 hours/),
    expect.stringMatching(/^curlActive in the last 24 hours/),
  ])
  expect(await items(page).first().getByRole('button').count()).toBe(0)
})

test('who is signed in nowhere else is told so, and has nothing to click', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await section(page).getByText('You are signed in nowhere else.').waitFor()

  expect(await section(page).getByRole('button').count()).toBe(0)
})

test('another device is signed out, and the page says so', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  const [phone, program] = [
    await signInElsewhere(ada, USER_AGENTS.safariOnIos),
    await signInElsewhere(ada, USER_AGENTS.curl),
  ]
  await page.goto(`${stack.frontendUrl}/account`)

  await section(page).getByRole('button', { name: 'Sign out Safari on iOS' }).click()

  await announced(page, 'Signed out: Safari on iOS.')
  expect(await items(page).count()).toBe(2)
  expect(await focused(page)).toBe('Devices')
  expect([await isSignedIn(phone), await isSignedIn(program)]).toEqual([false, true])
  await page.reload()
  await expect.poll(() => items(page).count()).toBe(2)
})

test('all others are signed out after a confirmation', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  const phone = await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await addSessions(ada, 120)
  await page.goto(`${stack.frontendUrl}/account`)
  const open = section(page).getByRole('button', { name: 'Sign out all other devices' })

  await open.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  expect(await isSignedIn(phone)).toBe(true)
  expect(await open.evaluate((button) => button === document.activeElement)).toBe(true)
  await open.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out all' }).click()

  await announced(page, 'All other devices are signed out.')
  await section(page).getByText('You are signed in nowhere else.').waitFor()
  expect(await focused(page)).toBe('Devices')
  expect([await isSignedIn(phone), await items(page).count()]).toEqual([false, 1])
})

test('of very many devices the first are shown, the rest on request, and how many there are', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await addSessions(ada, 120)
  await page.goto(`${stack.frontendUrl}/account`)
  await expect.poll(() => items(page).count()).toBe(6)
  await items(page).nth(1).getByText('Last active 3 days ago').waitFor()

  await section(page).getByRole('button', { name: 'Show all 121 devices' }).click()

  await section(page).getByText('There are 121 in total.').waitFor()
  expect(await items(page).count()).toBe(100)
})

test('a user agent with markup is text, and no name', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await signInElsewhere(ada, '<img src=x onerror=alert(1)>/1 <b>bold</b>')
  await page.goto(`${stack.frontendUrl}/account`)

  await items(page).nth(1).getByText('Unknown device').waitFor()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
})

test('a device that is still signed in after an error is shown with the reason', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectMessage } = await visitAs(ada, '/sign-up')
  const phone = await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await page.goto(`${stack.frontendUrl}/account`)
  expectMessage(/status of 503/)
  await page.route('**/api/auth/devices/*', (route) =>
    route.fulfill({ status: 503, json: { code: 'DATABASE_UNAVAILABLE', message: 'No.' } }),
  )

  await section(page).getByRole('button', { name: 'Sign out Safari on iOS' }).click()

  await section(page).getByRole('alert').getByText('This device is still signed in.').waitFor()
  expect(await isSignedIn(phone)).toBe(true)
})

test('a list that cannot be loaded says so, and is loaded again', async ({ visitAs }) => {
  const { page, expectStatus } = await visitAs(newUser(), '/sign-up')
  expectStatus(503, '/api/auth/devices')
  let isBroken = true
  // Long enough that the page does not try again by itself.
  const headers = { 'retry-after': '600' }
  await page.route('**/api/auth/devices', (route) =>
    isBroken
      ? route.fulfill({ status: 503, headers, json: { code: 'DATABASE_UNAVAILABLE', message: 'No.' } })
      : route.continue(),
  )
  await page.goto(`${stack.frontendUrl}/account`)
  await section(page).getByRole('alert').getByText('Your devices could not be loaded.').waitFor()

  isBroken = false
  await section(page).getByRole('button', { name: 'Try again' }).click()

  await expect.poll(() => items(page).count()).toBe(1)
})

test('a session that was signed out elsewhere asks to sign in again', async ({ visitAs }) => {
  const ada = newUser()
  const { page, expectMessage } = await visitAs(ada, '/sign-up')
  const phone = await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await page.goto(`${stack.frontendUrl}/account`)
  await expect.poll(() => items(page).count()).toBe(2)
  const revoked = await fetch(`${stack.frontendUrl}/api/auth/devices/revoke-others`, {
    method: 'POST',
    headers: { cookie: phone, origin: stack.frontendUrl },
  })
  expect(revoked.status).toBe(200)
  expectMessage(/status of 401/)

  await section(page).getByRole('button', { name: 'Sign out Safari on iOS' }).click()
  await signInAgain(page, ada)

  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await items(page).count()).toBe(2)
})

test('two clicks on a button are one request', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await page.goto(`${stack.frontendUrl}/account`)
  const requests = await holdRequests(page, 'DELETE', '/api/auth/devices/*')
  const button = items(page).nth(1).getByRole('button')

  await button.click()
  await button.getByText('Signing out…').waitFor()
  await button.click({ force: true })
  requests.release()

  await expect.poll(() => items(page).count()).toBe(1)
  expect(requests.count()).toBe(1)
})

test.for([
  [320, 568],
  [1280, 800],
] as const)(
  'at %i px the device of a new user is as tall as what stands for it',
  async ([width, height], { visitAs }) => {
    const { page } = await visitAs(newUser(), '/sign-up', { viewport: { width, height } })
    const held = await holdNextResponse(page, '/api/auth/devices')
    await page.goto(`${stack.frontendUrl}/account`)
    await section(page).locator('.placeholder .device').waitFor()
    const heightOf = () =>
      section(page)
        .locator('.device')
        .evaluate((device) => device.clientHeight)
    const before = await heightOf()
    held.release()
    await items(page).first().waitFor()

    expect(await heightOf()).toBe(before)
  },
)

test('the devices are in German for a German browser', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up', { locale: 'de-DE' })
  await signInElsewhere(ada, USER_AGENTS.firefoxOnLinux)
  await addSessions(ada, 1)
  await page.goto(`${stack.frontendUrl}/account`)
  await atPage(page, 'Ihr Konto')
  const devices = page.getByRole('region', { name: 'Geräte' })

  await devices.getByRole('button', { name: 'Firefox auf Linux abmelden' }).waitFor()
  await devices.getByText('Zuletzt aktiv vor 3 Tagen').waitFor()
})
