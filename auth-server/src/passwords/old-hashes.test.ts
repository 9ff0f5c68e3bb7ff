import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { LEGACY_KEYS, OLD_HASHES, OLD_PASSWORD } from '../../test/old-hashes.ts'
import { until } from '../../test/until.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ ...UNLIMITED, ...LEGACY_KEYS })
})
afterAll(() => stack.stop())

const rows = OLD_HASHES.map(([format, stored, password = OLD_PASSWORD]) => ({
  format,
  shown: stored.slice(0, 40),
  stored,
  password,
}))

test.each(rows)('$format, $shown: its password signs in, and is hashed as ours from then on', async (row) => {
  const { email, userId } = await withStored(row.stored)
  expect(await signIn(email, `x${row.password}`)).toBe(401)
  expect(await storedOf(userId)).toBe(row.stored)

  expect(await signIn(email, row.password)).toBe(200)

  expect(await storedOf(userId)).toMatch(/^\$argon2id\$v=19\$m=8,/)
  expect(await signIn(email, row.password)).toBe(200)
  expect(await signIn(email, `x${row.password}`)).toBe(401)
  expect(await countOf(row.format)).toBeGreaterThan(0)
})

test.each([
  ['composed', '$pbkdf2-sha256$1000$c29tZXNhbHQ$wmnmeTn/phb60VFDlFUpA0QwbdkKJBQTBchCTXLWTIU'],
  ['decomposed', '$pbkdf2-sha256$1000$c29tZXNhbHQ$p7vJiTwE8Un6pfG.ksMcXdsOGITxiWLQGOOXtsdG4oY'],
])('a password that was hashed %s is opened by either spelling', async (_spelling, stored) => {
  for (const typed of ['\u00e9 with an accent 1', 'e\u0301 with an accent 1']) {
    const { email } = await withStored(stored)
    expect(await signIn(email, typed)).toBe(200)
  }
})

test('of sign-ins at the same time none is refused because another hashed the password again', async () => {
  const { email } = await withStored(BCRYPT)
  const all = Array.from({ length: 6 }, () => signIn(email, OLD_PASSWORD))
  expect(await Promise.all(all)).toEqual(Array(6).fill(200))
})

test('a password that is changed while the old hash is compared ends the sign-in, and is not hashed over', async () => {
  const { email, userId } = await withStored(SLOW)
  const before = await countOf('sha512-crypt')
  const signingIn = signIn(email, OLD_PASSWORD)
  await until(async () => (await countOf('sha512-crypt')) > before)
  await stack.sql('UPDATE account SET password = $1 WHERE "userId" = $2', [OF_ANOTHER_PASSWORD, userId])

  expect(await signingIn).toBe(401)

  expect(await storedOf(userId)).toBe(OF_ANOTHER_PASSWORD)
  expect(await stack.sql('SELECT id FROM session WHERE "userId" = $1 AND "userAgent" = $2', [userId, BROWSER])).toEqual(
    [],
  )
})

test('while old hashes are computed, and more of them wait, others sign in', async () => {
  const ordinary = await signUp(stack)
  const slow = await Promise.all(Array.from({ length: availableParallelism() + 1 }, () => withStored(SLOW)))
  const before = await countOf('sha512-crypt')
  const finished: string[] = []
  const slowly = slow.map(async ({ email }) => {
    await signIn(email, OLD_PASSWORD)
    finished.push('slow')
  })
  await until(async () => (await countOf('sha512-crypt')) === before + slow.length)

  expect(await signIn(ordinary.email, PASSWORD)).toBe(200)
  finished.push('ordinary')
  await Promise.all(slowly)

  expect(finished[0]).toBe('ordinary')
})

test('a banned user is refused, and keeps the old hash', async () => {
  const { email, userId } = await withStored(BCRYPT)
  await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
  expect(await signIn(email, OLD_PASSWORD)).toBe(403)
  expect(await storedOf(userId)).toBe(BCRYPT)
})

test('a password that cannot be hashed again signs in all the same', async () => {
  const { email, userId } = await withStored(BCRYPT)
  await stack.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END'`)
  await stack.sql('CREATE TRIGGER refuse BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION refuse()')
  expect(await signIn(email, OLD_PASSWORD)).toBe(200)
  await stack.sql('DROP FUNCTION refuse() CASCADE')
  expect(await storedOf(userId)).toBe(BCRYPT)
  expect(stack.lines.filter((line) => line.includes('could not be hashed again'))).toHaveLength(1)
  expect(stack.lines.join('')).not.toContain(BCRYPT)
})

test('a hash whose key is missing opens nothing', async () => {
  const [, stored = ''] = OLD_HASHES.find(([format]) => format === 'devise') ?? []
  const { email } = await withStored(stored.replace(':2:', ':4:'))
  expect(await signIn(email, OLD_PASSWORD)).toBe(401)
})

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''
const OF_ANOTHER_PASSWORD = OLD_HASHES.find(([format, , password]) => format === 'md5-crypt' && password)?.[1] ?? ''
/** 400,000 rounds: about a second of a thread. */
const SLOW =
  '$6$rounds=400000$slowlyslowly$685meHFRO6m6/GJ1bM4sKHUnFY5kjJK6UQ0yp36k5XLibvHoQtjf8Sl5rgP24E8qWmaqiXvU2A3jMFnwI9epS1'
const BROWSER = 'the browser of old-hashes.test.ts'

async function withStored(stored: string) {
  const signedUp = await signUp(stack)
  await stack.sql('UPDATE account SET password = $1 WHERE "userId" = $2', [stored, signedUp.userId])
  return signedUp
}

async function signIn(email: string, password: string): Promise<number> {
  const headers = { 'user-agent': BROWSER }
  const response = await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password }, headers })
  return response.status
}

async function storedOf(userId: string): Promise<string | undefined> {
  const rows = await stack.sql<{ password: string }>('SELECT password FROM account WHERE "userId" = $1', [userId])
  return rows[0]?.password
}

async function countOf(format: string): Promise<number> {
  const { values } = (await stack.registry.getSingleMetric('password_checks_total')?.get()) ?? { values: [] }
  return values.find(({ labels }) => labels.format === format)?.value ?? 0
}
