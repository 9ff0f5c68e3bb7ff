import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { recordedOf, signIn } from '../../test/recorded.ts'
import { readEnv } from '../env.ts'
import { writeSignIn } from './sign-in-statement.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const sessionsOf = (userId: string) =>
  stack.sql<{ id: string; at: string }>('SELECT id, xmin || $2 || cmin AS at FROM session WHERE "userId" = $1', [
    userId,
    ' ',
  ])

test('a sign-in with a password makes the session, records it and gives its guess back, all in one statement', async () => {
  const signedUp = await signUp(stack)
  const before = (await sessionsOf(signedUp.userId)).map(({ id }) => id)
  const { client, response } = await signIn(stack, signedUp)
  expect([response.status, (await client.check()).status]).toEqual([200, 200])

  const [made] = (await sessionsOf(signedUp.userId)).filter(({ id }) => !before.includes(id))
  const [event] = await stack.sql<{ at: string; sessionId: string }>(
    `SELECT xmin || ' ' || cmin AS at, "sessionId" FROM audit_event WHERE "userId" = $1 AND type = 'signed-in'`,
    [signedUp.userId],
  )
  expect(event).toEqual({ at: made?.at, sessionId: made?.id })
  const guesses = await stack.sql<{ count: number; at: string }>(
    `SELECT count, xmin || ' ' || cmin AS at FROM "rateLimit" WHERE key LIKE 'account|%' AND xmin::text = split_part($1, ' ', 1)`,
    [made?.at],
  )
  expect(guesses).toEqual([{ count: 0, at: made?.at }])
})

test('where the password is being changed, a sign-in goes on without waiting, and is recorded once', async () => {
  const signedUp = await signUp(stack)
  const changing = new pg.Client(stack.variables.DATABASE_URL_DIRECT)
  await changing.connect()
  await changing.query('BEGIN')
  await changing.query('SELECT FROM account WHERE "userId" = $1 FOR UPDATE', [signedUp.userId])
  const { response } = await signIn(stack, signedUp)
  await changing.end()

  expect(response.status).toBe(200)
  expect(await recordedOf(stack, signedUp.userId)).toEqual([['signed-in']])
})

describe('what a sign-in was decided by, and has changed since', () => {
  let userId: string
  let decided: { accountId: string; hash: string; email: string }
  beforeEach(async () => {
    const signedUp = await signUp(stack)
    userId = signedUp.userId
    const [account] = await stack.sql<{ id: string; password: string }>(
      'SELECT id, password FROM account WHERE "userId" = $1',
      [userId],
    )
    decided = { accountId: account?.id ?? '', hash: account?.password ?? '', email: signedUp.email }
  })

  async function write() {
    const now = new Date()
    const session = { id: randomUUID(), token: randomUUID(), userId, expiresAt: now, createdAt: now, updatedAt: now }
    const event = { id: randomUUID(), type: 'signed-in', userId, createdAt: now }
    const statement = writeSignIn(readEnv(stack.variables))
    const key = `account|${userId}`
    await stack.sql('INSERT INTO "rateLimit" (id, key, count, "lastRequest") VALUES ($1, $2, 1, 0)', [userId, key])
    const { rowCount } = await stack.pools.auth.query(
      statement(decided, { session, event, mail: undefined, guess: key }),
    )
    const [guesses] = await stack.sql<{ count: number }>('SELECT count FROM "rateLimit" WHERE key = $1', [key])
    const [sessions, events] = [await sessionsOf(userId), await recordedOf(stack, userId)]
    return { rowCount, sessions: sessions.length - 1, events: events.length, guesses: guesses?.count }
  }

  test('is nothing: it is written', async () => {
    expect(await write()).toEqual({ rowCount: 1, sessions: 1, events: 1, guesses: 0 })
  })

  test.each([
    ['the password', `UPDATE account SET password = 'another' WHERE "userId" = $1`],
    ['the way in', 'DELETE FROM account WHERE "userId" = $1'],
    ['the address', `UPDATE "user" SET email = 'another-' || email WHERE id = $1`],
    ['a ban', 'UPDATE "user" SET banned = true WHERE id = $1'],
    ['a second factor', 'UPDATE "user" SET "twoFactorEnabled" = true WHERE id = $1'],
  ])('%s: nothing is written', async (_what, change) => {
    await stack.sql(change, [userId])
    expect(await write()).toEqual({ rowCount: 0, sessions: 0, events: 0, guesses: 1 })
  })

  test('a ban that is over is none', async () => {
    await stack.sql(`UPDATE "user" SET banned = true, "banExpires" = now() - interval '1 hour' WHERE id = $1`, [userId])
    expect(await write()).toMatchObject({ rowCount: 1, sessions: 1 })
  })
})
