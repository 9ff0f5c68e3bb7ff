import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { announced, atPage } from './harness/forms.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { USER_AGENTS } from './harness/user-agents.ts'
import { newUser, signInElsewhere, type User } from './harness/users.ts'

const section = (page: Page) => page.getByRole('region', { name: 'Recent activity' })
const items = (page: Page) => section(page).getByRole('listitem')

async function addEvents({ email }: User, type: string, count: number, more = ''): Promise<void> {
  await stack.sql(
    `INSERT INTO audit_event (type, "userId", "createdAt", "ipAddress", "userAgent" ${more && ', details'})
     SELECT '${type}', id, date_trunc('milliseconds', now()) - make_interval(hours => i), '203.0.113.7', '${USER_AGENTS.edgeOnWindows}'
            ${more && `, '${more}'::jsonb`}
       FROM "user", generate_series(1, ${count}) i WHERE email = '${email}'`,
  )
}

test('a user sees what happened, when, and with which device', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await signInElsewhere(ada, USER_AGENTS.safariOnIos)
  await addEvents(ada, 'session-revoked', 1, `{"count": 1, "userAgent": "${USER_AGENTS.firefoxOnLinux}"}`)
  await page.goto(`${stack.frontendUrl}/account`)
  await expect.poll(() => items(page).count()).toBe(3)

  const [signedIn, signedUp, revoked] = await items(page).allTextContents()
  expect(signedIn).toMatch(/^Signed inSafari on iOS · 10\.\d+\.\d+\.\d+now$/)
  expect(signedUp).toMatch(/^Account createdChrome on Linux · 10\.\d+\.\d+\.\d+now$/)
  expect(revoked).toBe('Signed out another device: Firefox on LinuxMicrosoft Edge on Windows · 203.0.113.71 hour ago')
  const time = items(page).first().getByRole('time')
  expect(Date.now() - Date.parse((await time.getAttribute('datetime')) ?? '')).toBeLessThan(60_000)
})

test('a sign-in that failed is shown, also from an address that is not the user’s', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  const response = await page.request.post(`${stack.frontendUrl}/api/auth/sign-in/email`, {
    data: { email: ada.email, password: 'not the password' },
    headers: { origin: stack.frontendUrl },
  })
  expect(response.status()).toBe(401)
  await page.goto(`${stack.frontendUrl}/account`)

  await items(page).first().getByText('Failed sign-in').waitFor()
})

test('what an administrator did says so, and not from where', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await addEvents(ada, 'impersonation-started', 1)
  await stack.sql(`UPDATE audit_event SET "actorId" = 'somebody' WHERE type = 'impersonation-started'`)
  await page.goto(`${stack.frontendUrl}/account`)
  const event = items(page).filter({ hasText: 'Signed in to your account' })
  await event.waitFor()

  expect(await event.textContent()).toBe('Signed in to your accountBy an administrator1 hour ago')
})

test('older entries are loaded on request, and the focus goes to the first of them', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  await addEvents(ada, 'signed-out', 24)
  await page.goto(`${stack.frontendUrl}/account`)
  await expect.poll(() => items(page).count()).toBe(10)

  const more = section(page).getByRole('button', { name: 'Show more' })
  await more.click()
  await announced(page, '10 more entries loaded.')
  expect(
    await items(page)
      .nth(10)
      .evaluate((item) => item === document.activeElement),
  ).toBe(true)
  await more.click()
  await announced(page, '5 more entries loaded. There is nothing older.')

  expect([await items(page).count(), await more.count()]).toEqual([25, 0])
})

test('it leads to the devices, for what somebody else did', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')
  await items(page).first().waitFor()

  await section(page).getByRole('link', { name: 'Sign out all other devices' }).click()

  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Devices')
})

test('markup in what was recorded is text', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up')
  const markup = '<img src=x onerror=alert(1)>'
  await addEvents(ada, 'email-changed', 1, `{"from": "a", "to": "${markup}"}`)
  await addEvents(ada, markup, 1)
  await page.goto(`${stack.frontendUrl}/account`)

  await items(page).getByText(`Email changed to ${markup}`).waitFor()
  await items(page).getByText('Change to your account').waitFor()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
})

test('the activity is in German for a German browser', async ({ visitAs }) => {
  const ada = newUser()
  const { page } = await visitAs(ada, '/sign-up', { locale: 'de-DE' })
  await addEvents(ada, 'password-changed', 1)
  await page.goto(`${stack.frontendUrl}/account`)
  await atPage(page, 'Ihr Konto')
  const activity = page.getByRole('region', { name: 'Letzte Aktivitäten' })

  const changed = activity.getByRole('listitem').filter({ hasText: 'Passwort geändert' })
  await changed.getByText('vor 1 Stunde').waitFor()
})
