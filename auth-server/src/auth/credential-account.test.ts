import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { hashPassword } from '../passwords/hash.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const NEW = 'another good password'
type SignedUp = Awaited<ReturnType<typeof signUp>>

const signIn = async (email: string, password: string) =>
  (await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password } })).status

let written = 0
/** What other systems' migrations write. Each is new, because (providerId, accountId) is unique. */
const ACCOUNT_IDS: Record<string, (signedUp: SignedUp) => string> = {
  'the e-mail address': ({ email }) => email,
  'a number': () => String(++written),
  'white space': () => ' '.repeat(++written),
  "another user's id": () => `another-${randomUUID()}`,
}

async function imported(accountIdOf: (signedUp: SignedUp) => string) {
  const signedUp = await signUp(stack)
  await stack.sql('UPDATE account SET "accountId" = $1 WHERE "userId" = $2', [accountIdOf(signedUp), signedUp.userId])
  return signedUp
}

const addRow = async (userId: string, accountId: string, password: string) =>
  stack.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     VALUES ($1, $2, 'credential', $3, $4, now(), now())`,
    [randomUUID(), accountId, userId, await hashPassword(password)],
  )

test.each(Object.entries(ACCOUNT_IDS))('a credential row with %s as accountId lets its user in', async (_what, id) => {
  const { email, client } = await imported(id)
  expect([await signIn(email, PASSWORD), await signIn(email, 'a wrong password')]).toEqual([200, 401])
  expect((await client.post('/api/auth/verify-password', { body: { password: PASSWORD } })).status).toBe(200)
  const change = { currentPassword: PASSWORD, newPassword: NEW }
  expect((await client.post('/api/auth/change-password', { body: change })).status).toBe(200)
  expect([await signIn(email, PASSWORD), await signIn(email, NEW)]).toEqual([401, 200])
})

test.each(Object.entries(ACCOUNT_IDS))(
  'a reset changes the row with %s, and makes no second one',
  async (_what, id) => {
    const signedUp = await imported(id)
    await resetTo(signedUp.userId, NEW)
    expect([await signIn(signedUp.email, PASSWORD), await signIn(signedUp.email, NEW)]).toEqual([401, 200])
    expect(await stack.sql('SELECT FROM account WHERE "userId" = $1', [signedUp.userId])).toHaveLength(1)
  },
)

test('an administrator sets the password in the row that is there', async () => {
  const [admin, signedUp] = [await signUp(stack), await imported(({ email }) => email)]
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  const body = { userId: signedUp.userId, newPassword: NEW }
  expect((await admin.client.post('/api/auth/admin/set-user-password', { body })).status).toBe(200)
  expect([await signIn(signedUp.email, PASSWORD), await signIn(signedUp.email, NEW)]).toEqual([401, 200])
  expect(await stack.sql('SELECT FROM account WHERE "userId" = $1', [signedUp.userId])).toHaveLength(1)
})

/** Behind all others of the table: what reads them without an order finds it last. */
const moveToEnd = (userId: string, accountId: string) =>
  stack.sql(
    `WITH moved AS (DELETE FROM account WHERE "userId" = $1 AND "accountId" = $2 RETURNING *)
     INSERT INTO account SELECT * FROM moved`,
    [userId, accountId],
  )

test.each([
  ['first', (userId: string, email: string) => moveToEnd(userId, email)],
  ['last', (userId: string) => moveToEnd(userId, userId)],
])("of two credential rows the one with the user's id counts, and only that one: %s", async (_where, move) => {
  const { email, userId } = await signUp(stack)
  await addRow(userId, email, NEW)
  await move(userId, email)
  expect([await signIn(email, PASSWORD), await signIn(email, NEW)]).toEqual([200, 401])
})

test("of two credential rows without the user's id none counts, until a reset makes the one that does", async () => {
  const { email, userId } = await imported((signedUp) => signedUp.email)
  await addRow(userId, randomUUID(), NEW)
  expect([await signIn(email, PASSWORD), await signIn(email, NEW)]).toEqual([401, 401])
  await resetTo(userId, 'a third password')
  expect([await signIn(email, PASSWORD), await signIn(email, NEW), await signIn(email, 'a third password')]).toEqual([
    401, 401, 200,
  ])
})

test("another provider's row is no password", async () => {
  const { email, userId } = await imported((signedUp) => signedUp.email)
  await stack.sql(`UPDATE account SET "providerId" = 'google' WHERE "userId" = $1`, [userId])
  expect(await signIn(email, PASSWORD)).toBe(401)
})

async function resetTo(userId: string, newPassword: string): Promise<void> {
  const token = randomUUID()
  const identifier = createHash('sha256').update(`reset-password:${token}`).digest('base64url')
  await stack.sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     VALUES ($1, $2, $3, now() + interval '1 hour', now(), now())`,
    [token, identifier, userId],
  )
  const response = await createClient(stack).post('/api/auth/reset-password', { body: { token, newPassword } })
  expect(response.status).toBe(200)
}
