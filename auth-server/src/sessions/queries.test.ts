import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

test('times are UTC, to the millisecond, whatever the time zone of the database', async () => {
  const { client, userId } = await signUp(stack)
  // No fraction at all, and one that ends in zeros: PostgreSQL writes neither as three digits.
  await stack.sql(
    `UPDATE session SET "createdAt" = '2026-01-02T03:04:05Z', "updatedAt" = '2026-01-02T03:04:05.6Z' WHERE "userId" = $1`,
    [userId],
  )
  const before = (await (await client.check()).json()) as { session: Record<string, string> }
  await setTimeZone(`= 'Asia/Kathmandu'`)
  const response = await client.check()
  await setTimeZone('TO DEFAULT')

  expect(before.session).toMatchObject({
    createdAt: '2026-01-02T03:04:05.000Z',
    updatedAt: '2026-01-02T03:04:05.600Z',
  })
  expect(await response.json()).toEqual(before)
})

test("a ban until 'infinity' is one", async () => {
  const { client, userId } = await signUp(stack)
  await stack.sql(`UPDATE "user" SET banned = true, "banExpires" = 'infinity' WHERE id = $1`, [userId])
  const response = await client.check()
  expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code: 'BANNED_USER' })])
})

test('times that only PostgreSQL has are returned as the farthest that ISO 8601 can write', async () => {
  const { client, userId } = await signUp(stack)
  await stack.sql(`UPDATE session SET "expiresAt" = 'infinity', "updatedAt" = '-infinity' WHERE "userId" = $1`, [
    userId,
  ])
  await stack.sql(`UPDATE "user" SET "createdAt" = 'infinity', "updatedAt" = '-infinity' WHERE id = $1`, [userId])
  const [last, first] = ['9999-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z']
  expect(await (await client.check()).json()).toMatchObject({
    session: { expiresAt: last, updatedAt: first },
    user: { createdAt: last, updatedAt: first },
  })
})

/** For new connections; the old ones are ended, and gone: a sign-up that met one of them would fail. */
async function setTimeZone(to: string): Promise<void> {
  const [{ name } = { name: '' }] = await stack.sql<{ name: string }>('SELECT current_database() AS name')
  await stack.sql(`ALTER DATABASE "${name}" SET timezone ${to}`)
  await stack.sql(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'auth-server'`,
    [name],
  )
}
