import { expect } from 'vitest'
import { addNote, atPage, openUserMenu, signUp } from './harness/forms.ts'
import { notesOf } from './harness/notes.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

test.for(['/', '/sign-in', '/sign-up', '/no/such/page', '/robots.txt'])(
  '%s carries the security headers',
  async (path) => {
    const { headers } = await fetch(stack.frontendUrl + path)
    const found = Object.fromEntries(Object.keys(pageHeaders).map((name) => [name, headers.get(name)]))
    expect(found).toEqual(pageHeaders)
  },
)

test('scripts and styles are cached forever, the page is revalidated each time', async () => {
  const page = await fetch(`${stack.frontendUrl}/`)
  const files = [...(await page.text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(files.length).toBeGreaterThanOrEqual(2)
  for (const file of files) {
    const { headers } = await fetch(stack.frontendUrl + file)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('a script of an older build is a 404, not the page', async () => {
  const response = await fetch(`${stack.frontendUrl}/assets/index-00000000.js`)
  expect(response.status).toBe(404)
  expect(response.headers.get('cache-control')).not.toContain('immutable')
})

test('password managers find the page that changes a password', async () => {
  const response = await fetch(`${stack.frontendUrl}/.well-known/change-password`, { redirect: 'manual' })
  expect([302, 303, 307]).toContain(response.status)
  expect(response.headers.get('location')).toBe('/account#change-password')
})

const injections = [
  [
    'a script element',
    (document: Document) =>
      document.body.append(Object.assign(document.createElement('script'), { text: 'hasRun = 1' })),
  ],
  ['an event attribute', (document: Document) => document.body.setAttribute('onclick', 'hasRun = 1')],
  [
    'markup',
    (document: Document) => {
      document.body.innerHTML = '<img src="x" onerror="hasRun = 1">'
    },
  ],
] as const

test.for(injections)('%s that is injected into the page is refused', async ([, inject], { visit }) => {
  const { page, expectMessage } = await visit('/sign-in')
  expectMessage(/This document requires 'Trusted(Script|HTML)' assignment/)
  await atPage(page, 'Sign in')

  const refusal = await page.evaluate(`try { (${inject})(document); 'none' } catch (error) { error.name }`)
  await page.getByRole('main').click()

  expect(refusal).toBe('TypeError')
  expect(await page.evaluate(() => 'hasRun' in window)).toBe(false)
})

test('an image from another origin is not loaded', async ({ visit }) => {
  const { page, expectMessage } = await visit('/sign-in')
  expectMessage(/violates the following Content Security Policy directive/)
  await atPage(page, 'Sign in')

  const violated = await page.evaluate(() => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true })
    })
    new Image().src = 'https://evil.example/pixel.png'
    return violation
  })

  expect(violated).toBe('img-src')
})

test('no script can read a token, in any storage of the browser', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await signUp(page, newUser())
  await atPage(page, /^Hello/)
  await openUserMenu(page)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('button', { name: 'English' }).click()
  await addNote(page, 'A note')
  await notesOf(page).waitFor()

  const readable = await page.evaluate(async () => ({
    cookie: document.cookie,
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    history: history.state,
    windowName: window.name,
  }))

  expect(readable).toEqual({
    cookie: '',
    localStorage: { language: 'en' },
    sessionStorage: {},
    databases: [],
    caches: [],
    history: null,
    windowName: '',
  })
  const cookies = await page.context().cookies()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
})

test('a user whose browser keeps no cookie is told so, instead of being asked to sign in again and again', async ({
  visit,
}) => {
  const { page } = await visit('/sign-up')
  await page.route('**/api/auth/sign-up/email', async (route) => {
    const response = await route.fetch()
    const { 'set-cookie': _dropped, ...headers } = response.headers()
    await page.context().clearCookies()
    await route.fulfill({ response, headers })
  })

  await signUp(page, newUser())

  await page.getByRole('alert').getByText('your browser did not keep the session').waitFor()
})

test('the pages call nobody but the stack', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  const origins = new Set<string>()
  page.on('request', (request) => origins.add(new URL(request.url()).origin))
  await page.goto(`${stack.frontendUrl}/sign-up`)
  await signUp(page, newUser())
  await atPage(page, /^Hello/)

  expect([...origins]).toEqual([new URL(stack.frontendUrl).origin])
})
