import { hash } from '@node-rs/argon2'
import { hashPassword as hashScrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { hashing } from './hash.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

let madeHashes = 0
const countedHash = (password: string) => {
  madeHashes += 1
  return hashing.hash(password)
}

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' }, { hashing: { ...hashing, hash: countedHash } })
})
afterAll(() => stack.stop())

test('passwords are kept as argon2id, 19 MiB, 2 passes, 1 lane', async () => {
  const { userId } = await signUp(stack)
  const [row] = await stack.sql<{ password: string }>('SELECT password FROM account WHERE "userId" = $1', [userId])
  expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test("better-auth's own scrypt hashes still let their owner in, and nobody else", async () => {
  const { email, userId } = await signUp(stack)
  await stack.sql('UPDATE account SET password = $1 WHERE "userId" = $2', [await hashScrypt('an old password'), userId])
  const signIn = (password: string) =>
    createClient(stack).post('/api/auth/sign-in/email', { body: { email, password } })

  expect((await signIn('an old password')).status).toBe(200)
  expect((await signIn('another password')).status).toBe(401)
})

test('a password typed in another Unicode form is the same', async () => {
  const email = 'unicode@example.com'
  const signed = (path: string, password: string) =>
    createClient(stack).post(path, { body: { email, name: 'U', password } })

  expect((await signed('/api/auth/sign-up/email', 'caf\u00e9 \ufb01ne \u{1f600}')).status).toBe(200)
  expect((await signed('/api/auth/sign-in/email', 'cafe\u0301 fine \u{1f600}')).status).toBe(200)
})

test.each([
  ['7 characters', 'x'.repeat(7), 400, 'PASSWORD_TOO_SHORT'],
  ['7 emoji', '😀'.repeat(7), 400, 'PASSWORD_TOO_SHORT'],
  ['129 characters', 'x'.repeat(129), 400, 'PASSWORD_TOO_LONG'],
  ['128 characters', 'x'.repeat(128), 200, undefined],
  ['128 emoji', '😀'.repeat(128), 200, undefined],
  ['8 spaces', ' '.repeat(8), 200, undefined],
])('a new password of %s', async (what, password, status, code) => {
  const email = `${what.replace(/\W/g, '')}@example.com`
  const response = await createClient(stack).post('/api/auth/sign-up/email', { body: { email, name: 'P', password } })
  expect([response.status, ((await response.json()) as { code?: string }).code]).toEqual([status, code])
})

test('an unknown and a known address read the same on sign-in, after one hash each', async () => {
  const { email } = await signUp(stack)
  /** To verify a password costs as much as to hash one. */
  const hashed = async () => {
    const checks = await stack.registry.getSingleMetric('password_checks_total')?.get()
    return (checks?.values ?? []).reduce((sum, { value }) => sum + value, madeHashes)
  }
  const attempt = async (address: string) => {
    const before = await hashed()
    const body = { email: address, password: 'not the password' }
    const response = await createClient(stack).post('/api/auth/sign-in/email', { body })
    const seen = [response.status, await response.text(), [...response.headers.keys()].join()]
    return { seen, hashes: (await hashed()) - before }
  }
  const [known, unknown] = [await attempt(email), await attempt(`un${email}`)]
  expect(unknown).toEqual(known)
  expect(known.hashes).toBe(1)
})

test('a stored hash of foreign parameters is verified by what it says', async () => {
  const { email, userId } = await signUp(stack)
  const weaker = await hash('an imported password', { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  await stack.sql('UPDATE account SET password = $1 WHERE "userId" = $2', [weaker, userId])
  const body = { email, password: 'an imported password' }
  expect((await createClient(stack).post('/api/auth/sign-in/email', { body })).status).toBe(200)
})

test('a password that is compared may be longer than a new one: up to 1,024 characters', async () => {
  const { email } = await signUp(stack)
  const attempt = async (length: number) => {
    const body = { email, password: 'x'.repeat(length) }
    const response = await createClient(stack).post('/api/auth/sign-in/email', { body })
    return ((await response.json()) as { code: string }).code
  }
  expect(await attempt(1024)).toBe('INVALID_EMAIL_OR_PASSWORD')
  expect(await attempt(1025)).toBe('PASSWORD_TOO_LONG')
})
