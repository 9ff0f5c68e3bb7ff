import { randomInt, randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { stack } from './stack.ts'

export interface User {
  name: string
  email: string
  password: string
}

/** Without an account yet. */
export function newUser(name = 'Ada Lovelace'): User {
  const id = randomUUID()
  return { name, email: `${id}@example.com`, password: `a password of ${id}` }
}

/** With an account, and signed in nowhere. */
export async function existingUser(name?: string): Promise<User> {
  const user = newUser(name)
  expect(await signUpStatus(user)).toBe(200)
  return user
}

/** What the auth server responds to a sign-up that no page has checked. */
export async function signUpStatus(user: User): Promise<number> {
  const headers = { origin: stack.frontendUrl, 'content-type': 'application/json', 'x-real-ip': randomAddress() }
  const response = await fetch(`${stack.frontendUrl}${SIGN_UP}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(user),
  })
  return response.status
}

/** A sign-in with another browser, from an address of its own. Returns the cookie of its session. */
export async function signInElsewhere({ email, password }: User, userAgent: string): Promise<string> {
  const response = await fetch(`${stack.frontendUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: {
      ...{ origin: stack.frontendUrl, 'content-type': 'application/json' },
      ...{ 'x-real-ip': randomAddress(), 'user-agent': userAgent },
    },
    body: JSON.stringify({ email, password }),
  })
  expect(response.status, await response.text()).toBe(200)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** What the auth server says of a session that no page has. */
export async function isSignedIn(cookie: string): Promise<boolean> {
  const response = await fetch(`${stack.frontendUrl}/api/auth/session`, { headers: { cookie } })
  return response.status === 200
}

/** Creates the account and its session in the browser of this page, without the page. */
export async function signUpWithoutPage(page: Page, user: User): Promise<void> {
  const response = await page.request.post(`${stack.frontendUrl}${SIGN_UP}`, {
    data: user,
    headers: { origin: stack.frontendUrl },
  })
  expect(response.status(), await response.text()).toBe(200)
}

/** Sign-ins are limited by client address. */
export function randomAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
}

const SIGN_UP = '/api/auth/sign-up/email'
