import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

test('a reset password ends every session', async () => {
  const { client, userId } = await signUp(stack)
  const identifier = createHash('sha256').update('reset-password:known-token').digest('base64url')
  await stack.sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     VALUES ('v1', $1, $2, now() + interval '1 hour', now(), now())`,
    [identifier, userId],
  )
  const body = { token: 'known-token', newPassword: 'a new password' }
  const response = await createClient(stack).post('/api/auth/reset-password', { body })

  expect(response.status).toBe(200)
  expect((await client.get('/api/auth/session')).status).toBe(401)
})

test('250 other sessions are all revoked: better-auth stops at 100 by default', async () => {
  const { client, userId } = await signUp(stack)
  await stack.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     SELECT 's' || n, 't' || n, $1, now() + interval '1 day', now(), now() FROM generate_series(1, 250) n`,
    [userId],
  )
  expect((await client.post('/api/auth/revoke-other-sessions')).status).toBe(200)
  expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])).toHaveLength(1)
})
