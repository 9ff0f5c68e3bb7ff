import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, SESSION_DAYS: '30', SESSION_RENEW_HOURS: '2' })
})
afterAll(() => stack.stop())

type Session = { expiresAt: string; refreshAt: string | null }
const sessionIn = async (response: Response) => ((await response.json()) as { session: Session }).session
const age = (token: string, by: string) =>
  stack.sql(
    `UPDATE session SET "createdAt" = "createdAt" - $2::interval, "updatedAt" = "updatedAt" - $2::interval,
       "expiresAt" = "expiresAt" - $2::interval WHERE token = $1`,
    [token.split('.')[0], by],
  )
const near = (time: string | null, expected: number) => Math.abs(Date.parse(time ?? '') - expected) < 60_000

test('a session lasts SESSION_DAYS, and so does its cookie', async () => {
  const client = createClient(stack)
  const { email } = await signUp(stack)
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
  expect(response.headers.getSetCookie()).toContainEqual(expect.stringContaining(`Max-Age=${(30 * DAY) / 1000}`))
  const session = await sessionIn(await client.check())
  expect(near(session.expiresAt, Date.now() + 30 * DAY)).toBe(true)
  expect(near(session.refreshAt, Date.now() + 2 * HOUR)).toBe(true)
})

test.each(['/api/auth/session', '/api/auth/get-session'])(
  'it is renewed by %s when it is older than SESSION_RENEW_HOURS, and not before',
  async (path) => {
    const { client, token } = await signUp(stack)
    await age(token, '1 hour')
    expect((await client.get(path)).headers.getSetCookie()).toEqual([])
    await age(token, '90 minutes')
    const renewed = await client.get(path)
    expect(renewed.headers.getSetCookie()).toEqual([expect.stringContaining(`Max-Age=${(30 * DAY) / 1000};`)])
    expect(near((await sessionIn(await client.check())).expiresAt, Date.now() + 30 * DAY)).toBe(true)
  },
)

test('one that is not to be remembered lasts a day, and is not renewed', async () => {
  const client = createClient(stack)
  const { email } = await signUp(stack)
  const body = { email, password: PASSWORD, rememberMe: false }
  const response = await client.post('/api/auth/sign-in/email', { body })
  const { token } = (await response.json()) as { token: string }
  await age(token, '3 hours')
  const session = await sessionIn(await client.check())
  expect([near(session.expiresAt, Date.now() + 21 * HOUR), session.refreshAt]).toEqual([true, null])
})
