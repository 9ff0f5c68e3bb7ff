import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { atPage } from './harness/forms.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

/** As the auth server serves them with SERVE_PAGES (auth-server/src/pages/app-url.ts): it says so in the page. */
async function servedAlone(page: Page, appUrl: string): Promise<string[]> {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.route(`${stack.frontendUrl}/`, async (route) => {
    const response = await route.fetch()
    const meta = `<meta name="app-url" content="${appUrl}"></head>`
    await route.fulfill({ response, body: (await response.text()).replace('</head>', meta) })
  })
  await page.goto(`${stack.frontendUrl}/`)
  return asked
}

test('pages without the example show who is signed in, and ask no backend', async ({ visitAs }) => {
  const user = newUser()
  const { page } = await visitAs(user, '/account')

  const asked = await servedAlone(page, '')
  await atPage(page, /^Hello/)
  await page.getByRole('main').getByText(user.email).waitFor()

  expect(asked.filter((path) => path.startsWith('/api/') && !path.startsWith('/api/auth/'))).toEqual([])
})

test('the home of pages with an app is the app', async ({ visitAs }) => {
  const { page } = await visitAs(newUser(), '/account')

  await servedAlone(page, `${stack.frontendUrl}/robots.txt?from=pages`)

  await page.waitForURL(`${stack.frontendUrl}/robots.txt?from=pages`)
})
