import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import {
  askAndRead,
  askFor,
  expire,
  INVALID_TOKEN,
  identityOf,
  mailOf,
  outcomeOf,
  verifiedUser,
} from '../../../test/mailed-sign-in.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

const byLink = (token: string, email: string, more = {}) =>
  stack.somebody().post('/magic-link/verify', { token, email, ...more })

describe('a mailed link', () => {
  test('signs in, in any browser, once', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { link } = await askAndRead(stack, email)
    expect(link).toMatchObject({ page: '/sign-in/link', email })
    const response = await byLink(link.token, email)
    expect(response.status).toBe(200)
    expect(await (await identityOf(stack, response)).json()).toMatchObject({ user: { id: userId, email } })
    expect(await outcomeOf(await byLink(link.token, email))).toEqual(INVALID_TOKEN)
  })

  test('of fifty requests with one, one signs in', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { link } = await askAndRead(stack, email)
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await byLink(link.token, email)).status))
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 49 }, () => 400)])
    const sessions = await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])
    expect(sessions).toHaveLength(2) // with that of the sign-up
  }, 60_000)

  test('leads nobody into the account of somebody else: its address is that of the account', async () => {
    const { email } = await verifiedUser(stack)
    const { link } = await askAndRead(stack, email)
    const { email: other } = await verifiedUser(stack)
    expect(await outcomeOf(await byLink(link.token, other))).toEqual(INVALID_TOKEN)
    expect((await byLink(link.token, email.toUpperCase())).status).toBe(200)
  })

  test('is of no use after fifteen minutes, or when a newer one was mailed', async () => {
    const { email, userId } = await verifiedUser(stack)
    const first = await askAndRead(stack, email)
    const second = await askAndRead(stack, email, 2)
    expect(await outcomeOf(await byLink(first.link.token, email))).toEqual(INVALID_TOKEN)
    const [row] = await stack.sql<{ seconds: number }>(
      `SELECT round(date_part('epoch', "expiresAt" - "updatedAt"))::int AS seconds FROM verification WHERE value LIKE $1`,
      [`sign-in-link:${userId}:%`],
    )
    expect(row).toEqual({ seconds: 900 })
    await expire(stack, userId)
    expect(await outcomeOf(await byLink(second.link.token, email))).toEqual(INVALID_TOKEN)
  })

  test('leads to the page that was wanted, if it is one of ours', async () => {
    const { email } = await verifiedUser(stack)
    await askFor(stack, email, { callbackURL: '/account?x=1' })
    const { text } = await mailOf(stack, email)
    expect(text).toContain('next=%2Faccount%3Fx%3D1')
    await stack.coolDown()
    const body = { email, callbackURL: 'https://evil.example/' }
    expect(await outcomeOf(await stack.somebody().post('/sign-in/magic-link', body))).toEqual([
      403,
      'INVALID_CALLBACK_URL',
    ])
  })

  test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(5000)])('%j is none', async (token) => {
    expect((await byLink(token, 'ada@example.com')).status).toBe(400)
  })

  test('is used up by no GET', async () => {
    const { email } = await verifiedUser(stack)
    const { link } = await askAndRead(stack, email)
    expect((await stack.somebody().get(`/magic-link/verify?token=${link.token}&email=${email}`)).status).toBe(405)
    expect((await byLink(link.token, email)).status).toBe(200)
  })

  test('makes the browser known: whoever uses up the guesses of strangers keeps it out no more', async () => {
    const { email } = await verifiedUser(stack)
    const { link, browser } = await askAndRead(stack, email)
    for (let guess = 0; guess < 10; guess += 1) await stack.signIn(email, 'a wrong password')
    expect((await stack.signIn(email)).status).toBe(429)
    expect((await browser.post('/magic-link/verify', { token: link.token, email })).status).toBe(200)
    expect((await browser.post('/sign-in/email', { email, password: 'a wrong password' })).status).toBe(401)
  })
})
