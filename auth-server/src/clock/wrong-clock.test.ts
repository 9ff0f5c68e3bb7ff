import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient, PASSWORD, signUp } from '../../test/client.ts'
import { createTestDatabase, INTERNAL_TOKEN, type TestDatabase } from '../../test/database.ts'
import { type Program, startProgram } from '../../test/program.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEK = 7 * DAY

let database: TestDatabase
let right: Program

const variables = () => ({
  ...database.variables(),
  CORS_ORIGIN: 'http://localhost:3000',
  RATE_LIMIT_SIGN_IN: '5/60',
  RATE_LIMIT_DEFAULT: '100000/10',
  CLIENT_IP_HEADER: 'x-real-ip',
})

beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  right = await startProgram({ ...variables(), RATE_LIMIT_SIGN_IN: '1000/10' }, 0)
})
afterAll(async () => {
  await right.stop()
  await database.drop()
})

let addresses = 0
const newAddress = () => `10.1.0.${++addresses}`

const signInFrom = (server: Program, address: string, email: string, password = PASSWORD) =>
  createClient(server).post('/api/auth/sign-in/email', { body: { email, password }, headers: { 'x-real-ip': address } })

describe.each([
  ['8 days ahead', 8 * DAY],
  ['8 days behind', -8 * DAY],
  ['an hour ahead', HOUR],
  ['an hour behind', -HOUR],
])('a server whose clock is %s', (_what, shift) => {
  let wrong: Program

  beforeAll(async () => {
    wrong = await startProgram(variables(), shift)
  })
  afterAll(() => wrong.stop())

  test('signs nobody out', async () => {
    const { client } = await signUp(right)
    const headers = { cookie: client.cookieHeader() }

    for (const path of ['get-session', 'session', 'list-sessions']) {
      const response = await fetch(`${wrong.url}/api/auth/${path}`, { headers })
      expect([path, response.status]).toEqual([path, 200])
      expect(await response.json()).not.toBeNull()
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect((await checkSession(right.internalUrl, headers)).status).toBe(200)
  })

  test('refuses what is over', async () => {
    const { client, userId } = await signUp(right)
    await database.sql(`UPDATE session SET "expiresAt" = now() - interval '1 second' WHERE "userId" = $1`, [userId])
    const headers = { cookie: client.cookieHeader() }

    const responses = ['session', 'list-sessions'].map((path) => fetch(`${wrong.url}/api/auth/${path}`, { headers }))
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([401, 401])
    expect(await (await fetch(`${wrong.url}/api/auth/get-session`, { headers })).json()).toBeNull()
  })

  test('makes sessions that live for a week from now, and extends them to that', async () => {
    const { email, userId } = await signUp(right)
    await database.sql('DELETE FROM session WHERE "userId" = $1', [userId])
    const cookie = (await signInFrom(wrong, newAddress(), email)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const left = async () => {
      const [row] = await database.sql<{ left: string }>(
        `SELECT extract(epoch FROM "expiresAt" - now()) * 1000 AS left FROM session WHERE "userId" = $1`,
        [userId],
      )
      return Number(row?.left)
    }
    expect(await left()).toBeGreaterThan(WEEK - HOUR / 4)
    expect(await left()).toBeLessThan(WEEK + HOUR / 4)

    await database.sql(`UPDATE session SET "expiresAt" = now() + interval '5 days' WHERE "userId" = $1`, [userId])
    const extended = await fetch(`${wrong.url}/api/auth/get-session`, { headers: { cookie } })
    expect(extended.headers.getSetCookie()).toHaveLength(1)
    expect(await left()).toBeGreaterThan(WEEK - HOUR / 4)
    expect(await left()).toBeLessThan(WEEK + HOUR / 4)
  })

  test('counts attempts together with the others, and lets go when the window is over', async () => {
    const address = newAddress()
    const { email } = await signUp(right)
    const statuses: number[] = []
    for (let attempt = 0; attempt < 6; attempt += 1) {
      statuses.push((await signInFrom(wrong, address, email, 'not the password')).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const refused = await signInFrom(wrong, address, email)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)

    await database.sql(`UPDATE "rateLimit" SET "lastRequest" = "lastRequest" - 61000 WHERE key LIKE $1`, [
      `${address}%`,
    ])
    expect((await signInFrom(wrong, address, email)).status).toBe(200)
  })

  test('ends a ban when it is over, and not before', async () => {
    const ban = (userId: string, until: string) =>
      database.sql(`UPDATE "user" SET banned = true, "banExpires" = now() + $2::interval WHERE id = $1`, [
        userId,
        until,
      ])
    const [over, lasting] = [await signUp(right), await signUp(right)]
    await ban(over.userId, '-1 minute')
    await ban(lasting.userId, '1 minute')

    const list = ({ client }: typeof over) =>
      fetch(`${wrong.url}/api/auth/list-sessions`, { headers: { cookie: client.cookieHeader() } })
    expect([(await list(over)).status, (await list(lasting)).status]).toEqual([200, 401])
  })

  test('says so in its log, in the detail of its readiness and in a metric, and is ready', async () => {
    await until(() => wrong.output().includes('the clock of this machine is'))
    const ready = await fetch(`${wrong.url}/health/ready`)
    const body = (await ready.json()) as { status: string; clock: { offsetSeconds: number; message: string } }
    const metrics = await fetch(`${wrong.internalUrl}/metrics`, { headers: { 'x-internal-token': INTERNAL_TOKEN } })
    const [, metric] = /^clock_offset_seconds (\S+)$/m.exec(await metrics.text()) ?? []

    expect([ready.status, body.status]).toEqual([200, 'ready'])
    for (const seconds of [body.clock.offsetSeconds, Number(metric)]) {
      expect(Math.abs(seconds - shift / 1000)).toBeLessThan(30)
    }
    expect(body.clock.message).toContain(shift > 0 ? 'ahead of' : 'behind')
    expect(wrong.output().match(/the clock of this machine is/g)).toHaveLength(1)
  })
})

test('a right clock is not mentioned', async () => {
  expect(await (await fetch(`${right.url}/health/ready`)).json()).toEqual({ status: 'ready' })
  expect(right.output()).not.toContain('the clock of this machine')
})

test('a count from the future, left by a wrong clock, keeps nobody out', async () => {
  const { email } = await signUp(right)
  const address = '198.51.100.77'
  expect((await signInFrom(right, address, email)).status).toBe(200)
  await database.sql(
    `UPDATE "rateLimit" SET count = 100000, "lastRequest" = "lastRequest" + 3600000 WHERE key LIKE '198.51.100.77%'`,
  )

  expect((await signInFrom(right, address, email)).status).toBe(200)
})
