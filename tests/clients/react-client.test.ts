import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect } from 'vitest'
import { test } from '../browser/harness/test.ts'
import { newUser, type User } from '../browser/harness/users.ts'
import { address } from './addresses.ts'
import type { PageClient } from './page/app.tsx'

declare const client: PageClient

let script = ''

beforeAll(async () => {
  const entry = new URL('./page/app.tsx', import.meta.url).pathname
  const options = { bundle: true, write: false, format: 'iife', jsx: 'automatic', legalComments: 'none' } as const
  const { outputFiles, warnings } = await build({
    entryPoints: [entry],
    ...options,
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  expect(warnings).toEqual([])
  script = outputFiles[0]?.text ?? ''
})

/** A page on the frontend's origin, whose client calls the auth server at `auth`. */
async function open(page: Page, auth: string) {
  const html = `<!doctype html><html lang="en"><title>A page</title><body><script>${script.replaceAll('</script', '<\\/script')}</script>`
  // Chromium takes a page that did not come over the network for one from another machine.
  await page.context().grantPermissions(['local-network-access'])
  await page.route('**/official-client*', (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(`${address('STACK_FRONTEND_URL')}/official-client?auth=${encodeURIComponent(auth)}`)
}

const shown = (page: Page) => expect.poll(() => page.locator('#session').textContent(), { timeout: 10_000 })

const signUp = (page: Page, user: User) =>
  page.evaluate(async (given) => (await client.signUp.email(given)).error, user)

describe.each([
  ['behind the frontend', () => address('STACK_FRONTEND_URL')],
  ['on a port of its own', () => address('STACK_AUTH_URL').replace('127.0.0.1', 'localhost')],
])('better-auth/react in a browser, the auth server %s', (_where, auth) => {
  test('useSession shows who signs up, changes the name, signs out and signs in', async ({ newVisitor }) => {
    const { page } = await newVisitor()
    const user = newUser()
    await open(page, auth())
    await shown(page).toBe('nobody')

    expect(await signUp(page, user)).toBeNull()
    await shown(page).toBe(`${user.name}, ${user.email}`)
    await page.evaluate(() => client.updateUser({ name: 'Grace Hopper' }))
    await shown(page).toBe(`Grace Hopper, ${user.email}`)
    await page.reload()
    await shown(page).toBe(`Grace Hopper, ${user.email}`)
    await page.evaluate(() => client.signOut())
    await shown(page).toBe('nobody')
    const { email, password } = user
    expect(
      await page.evaluate(async (given) => (await client.signIn.email(given)).error, { email, password }),
    ).toBeNull()
    await shown(page).toBe(`Grace Hopper, ${user.email}`)
  })

  test('a changed password ends the session of another browser', async ({ newVisitor }) => {
    const [here, there] = [(await newVisitor()).page, (await newVisitor()).page]
    const user = newUser()
    await open(here, auth())
    await open(there, auth())
    expect(await signUp(here, user)).toBeNull()
    const { email, password } = user
    expect(
      await there.evaluate(async (given) => (await client.signIn.email(given)).error, { email, password }),
    ).toBeNull()
    expect(await here.evaluate(async () => (await client.listSessions()).data?.length)).toBe(2)

    const change = { currentPassword: password, newPassword: `${password}!`, revokeOtherSessions: true }
    expect(await here.evaluate(async (given) => (await client.changePassword(given)).error, change)).toBeNull()

    expect(await there.evaluate(async () => (await client.getSession()).data)).toBeNull()
    expect(await here.evaluate(async () => (await client.getSession()).data?.user.email)).toBe(email)
  })
})
