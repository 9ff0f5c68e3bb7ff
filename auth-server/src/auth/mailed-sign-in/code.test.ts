import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import {
  askAndRead,
  expire,
  INVALID_OTP,
  identityOf,
  mailOf,
  outcomeOf,
  verifiedUser,
  wrongCode,
} from '../../../test/mailed-sign-in.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack()
})
afterAll(() => stack.stop())

describe('a mailed code', () => {
  test('signs in where it was asked for, as it is typed, once', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { code, browser } = await askAndRead(stack, email)
    const typed = ` ${code.slice(0, 3)}\u00a0${code.slice(3)}\u200b`
    const response = await browser.post('/sign-in/email-otp', { email: email.toUpperCase(), otp: typed })
    expect(response.status).toBe(200)
    expect(await (await identityOf(stack, response)).json()).toMatchObject({ user: { id: userId } })
    expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: code }))).toEqual(INVALID_OTP)
  })

  test('is of no use in another browser, which has one of its own', async () => {
    const { email } = await verifiedUser(stack)
    const owner = await askAndRead(stack, email)
    const thief = await askAndRead(stack, email, 2)
    const never = stack.somebody()
    for (const browser of [thief.browser, never]) {
      expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: owner.code }))).toEqual(INVALID_OTP)
    }
    expect((await owner.browser.post('/sign-in/email-otp', { email, otp: owner.code })).status).toBe(200)
  })

  test('of fifty requests with one, one signs in', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { code, browser } = await askAndRead(stack, email)
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await browser.post('/sign-in/email-otp', { email, otp: code })).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status !== 200 && status !== 401 && status !== 429)).toEqual([])
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])).toHaveLength(2)
  }, 60_000)

  test('is over after five wrong tries, however many come at once, and the next one has five again', async () => {
    const { email } = await verifiedUser(stack)
    const { code, browser } = await askAndRead(stack, email)
    const wrong = { email, otp: wrongCode(code) }
    await Promise.all(Array.from({ length: 5 }, () => browser.post('/sign-in/email-otp', wrong)))
    expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: code }))).toEqual(INVALID_OTP)

    await stack.coolDown()
    await browser.post('/sign-in/magic-link', { email })
    await mailOf(stack, email, 2)
    const { link } = await askAndRead(stack, email, 3) // of another browser
    expect(link.token).not.toBe('')
    const second = (await mailOf(stack, email, 2)).text.match(/^\d{6}$/m)?.[0] ?? ''
    expect(second).not.toBe(code)
    expect((await browser.post('/sign-in/email-otp', { email, otp: second })).status).toBe(200)
  })

  test('is guessed at ten times a quarter of an hour, in however many browsers', async () => {
    const { email } = await verifiedUser(stack)
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess += 1) {
      const response = await stack.somebody().post('/sign-in/email-otp', { email, otp: '000000' })
      statuses.push(response.status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
  })

  test('is of no use after ten minutes, or when a newer one was mailed to that browser', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { code, browser } = await askAndRead(stack, email)
    await stack.coolDown()
    await browser.post('/sign-in/magic-link', { email })
    const { text } = await mailOf(stack, email, 2)
    const newer = /^\d{6}$/m.exec(text)?.[0] ?? ''
    if (newer !== code) {
      expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: code }))).toEqual(INVALID_OTP)
    }
    const [row] = await stack.sql<{ seconds: number }>(
      `SELECT round(date_part('epoch', "expiresAt" - "updatedAt"))::int AS seconds FROM verification WHERE value LIKE $1`,
      [`sign-in-code:${userId}:%`],
    )
    expect(row).toEqual({ seconds: 600 })
    await expire(stack, userId)
    expect(await outcomeOf(await browser.post('/sign-in/email-otp', { email, otp: newer }))).toEqual(INVALID_OTP)
  })

  test('that was asked for twice within a minute is the one that was mailed', async () => {
    const { email } = await verifiedUser(stack)
    const { code, browser } = await askAndRead(stack, email)
    await browser.post('/sign-in/magic-link', { email })
    expect((await browser.post('/sign-in/email-otp', { email, otp: code })).status).toBe(200)
  })

  test('is kept as a hash, and nothing of it in the outbox', async () => {
    const { email, userId } = await verifiedUser(stack)
    const { code, link } = await askAndRead(stack, email)
    const rows = await stack.sql('SELECT * FROM verification WHERE value LIKE $1', [`%${userId}%`])
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain(link.token)
    for (const { value } of rows as { value: string }[]) expect(value.replaceAll(userId, '')).not.toContain(code)
  })

  test('can be asked for at the path of better-auth’s plugin too', async () => {
    const { email } = await verifiedUser(stack)
    const browser = stack.somebody()
    await stack.coolDown()
    const asked = await browser.post('/email-otp/send-verification-otp', { email, type: 'sign-in' })
    expect([asked.status, await asked.json()]).toEqual([200, { success: true }])
    const otp = /^\d{6}$/m.exec((await mailOf(stack, email)).text)?.[0]
    expect((await browser.post('/sign-in/email-otp', { email, otp })).status).toBe(200)
    const other = { email, type: 'forget-password' }
    expect((await browser.post('/email-otp/send-verification-otp', other)).status).toBe(400)
  })
})
