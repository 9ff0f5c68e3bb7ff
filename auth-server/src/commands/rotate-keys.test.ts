import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, signUp } from '../../test/client.ts'
import { INTERNAL_TOKEN } from '../../test/database.ts'
import { startTestServer, startTestStack, UNLIMITED } from '../../test/harness.ts'
import { connect, KEYS, startOAuthService, type TestService } from '../../test/oauth-service.ts'
import { rotate } from './rotate-keys.ts'

const NEW_KEY = `2:${'fedcba9876543210'.repeat(4)}`

let service: TestService
let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  service = await startOAuthService()
  const CONNECTED_SERVICES = JSON.stringify([service.settings, { id: 'keys', name: 'Keys', kind: 'api-key' }])
  stack = await startTestStack({ ...UNLIMITED, CONNECTED_SERVICES, ENCRYPTION_KEYS: KEYS })
})
afterAll(async () => {
  await stack.stop()
  await service.stop()
})

const env = (ENCRYPTION_KEYS: string) => stack.database.env({ ENCRYPTION_KEYS })
const pasteKey = (client: Client, key: string) =>
  client.post('/api/auth/connected-services/keys/key', { body: { key } })

async function tokenOf(server: { internalUrl: string }, userId: string, name: string): Promise<unknown> {
  const response = await fetch(`${server.internalUrl}/internal/access-token`, {
    method: 'POST',
    headers: { 'x-internal-token': INTERNAL_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, service: name }),
  })
  const body = (await response.json()) as { accessToken?: string; code?: string }
  return body.accessToken ?? body.code
}

const versions = async () =>
  (
    await stack.sql<{ version: string }>(
      `SELECT DISTINCT split_part(t.value, '.', 1) AS version FROM account, unnest(ARRAY["accessToken", "refreshToken"]) AS t(value)
        WHERE "providerId" LIKE 'connected:%' AND t.value IS NOT NULL ORDER BY 1`,
    )
  ).map(({ version }) => version)

test('a new key takes the place of the old one, while servers serve, and no token is lost', async () => {
  const [one, two] = [await signUp(stack), await signUp(stack)]
  await connect(one.client, service)
  await pasteKey(two.client, 'a-pasted-key')
  const token = await tokenOf(stack, one.userId, service.id)
  const both = `${NEW_KEY},${KEYS}`

  // Both keys first, in every server; then the old rows; then the old key may go.
  const server = await startTestServer({ ...stack.variables, ENCRYPTION_KEYS: both })
  const late = await startTestServer({ ...stack.variables, ENCRYPTION_KEYS: NEW_KEY })
  try {
    expect(await tokenOf(server, one.userId, service.id)).toBe(token)
    expect(await tokenOf(late, one.userId, service.id)).toBe('CONNECTION_UNREADABLE')
    expect(await rotate(env(both))).toBe(
      '2 connections were encrypted again. All have the first key of ENCRYPTION_KEYS now.\n',
    )
    expect(await versions()).toEqual(['2'])
    expect(await tokenOf(server, one.userId, service.id)).toBe(token)
    expect(await tokenOf(late, one.userId, service.id)).toBe(token)
    expect(await tokenOf(late, two.userId, 'keys')).toBe('a-pasted-key')
    expect(await rotate(env(both))).toMatch(/^0 connections/)
  } finally {
    await server.stop()
    await late.stop()
  }
  expect(await rotate(env(`${KEYS},${NEW_KEY}`))).toMatch(/^2 connections/)
})

test('what no key reads is counted and stays as it is, and the rest is done', async () => {
  const [one, two] = [await signUp(stack), await signUp(stack)]
  await pasteKey(one.client, 'the-key-of-one')
  await pasteKey(two.client, 'the-key-of-two')
  await stack.sql(
    `UPDATE account SET "accessToken" = '9' || substr("accessToken", 2) WHERE "userId" = $1 AND "providerId" = 'connected:keys'`,
    [two.userId],
  )
  await expect(rotate(env(`${NEW_KEY},${KEYS}`))).rejects.toThrow('1 cannot be read with any key of ENCRYPTION_KEYS')
  expect(await versions()).toEqual(['2', '9'])
  await stack.sql(
    `UPDATE account SET "accessToken" = '1' || substr("accessToken", 2) WHERE "userId" = $1 AND "providerId" = 'connected:keys'`,
    [two.userId],
  )
  expect(await rotate(env(`${KEYS},${NEW_KEY}`))).not.toMatch(/^0 /)
  expect(await tokenOf(stack, two.userId, 'keys')).toBe('the-key-of-two')
})

test('more rows than one batch are done, and what is written meanwhile is left alone', async () => {
  const { client, userId } = await signUp(stack)
  await pasteKey(client, 'a-key-of-many')
  await stack.sql(
    `INSERT INTO "user" (id, email, name, "emailVerified", "createdAt", "updatedAt")
     SELECT 'many-' || n, 'many-' || n || '@example.com', 'Many', true, now(), now() FROM generate_series(1, 450) n`,
  )
  const { KeyRing } = await import('../connected/encryption.ts')
  const ring = new KeyRing(env(KEYS).encryptionKeys)
  const place = { providerId: 'connected:keys', column: 'accessToken' } as const
  const tokens = Array.from({ length: 450 }, (_, index) =>
    ring.encrypt(`key-${index + 1}`, { ...place, userId: `many-${index + 1}` }),
  )
  await stack.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId", "accessToken", "createdAt", "updatedAt")
     SELECT 'many-' || n, 'many-' || n, 'connected:keys', 'many-' || n, token, now(), now()
       FROM unnest($1::text[]) WITH ORDINALITY AS t(token, n)`,
    [tokens],
  )
  const both = `${NEW_KEY},${KEYS}`
  const [rotated] = await Promise.all([
    rotate(env(both)),
    pasteKey(client, 'a-key-written-meanwhile'),
    rotate(env(both)),
  ])
  expect(rotated).toContain('All have the first key')
  // The server that wrote meanwhile still has the old key first.
  await rotate(env(both))
  expect(await versions()).toEqual(['2'])
  const server = await startTestServer({ ...stack.variables, ENCRYPTION_KEYS: NEW_KEY })
  try {
    expect(await tokenOf(server, userId, 'keys')).toBe('a-key-written-meanwhile')
  } finally {
    await server.stop()
  }
})
