import { hash } from '@node-rs/argon2'
import { hashPassword as hashScrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { createLog } from '../log.ts'
import { formOf } from './forms.ts'
import { createVerifyPassword } from './hash.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const argon2 = (cost: string) => `$argon2id$v=19$${cost}$c29tZXNhbHRzb21lc2FsdA$${'A'.repeat(43)}`
const BCRYPT = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'

const UNREADABLE: [string, string][] = [
  [BCRYPT, 'bcrypt'],
  [BCRYPT.replace('$2b$', '$2y$'), 'bcrypt'],
  ['$2b$31$', 'bcrypt'],
  ['pbkdf2_sha256$870000$salt$c29tZQ==', 'pbkdf2'],
  ['$pbkdf2-sha512$25000$abc$def', 'pbkdf2'],
  ['scrypt:32768:8:1$salt$00ff', 'scrypt of another system'],
  ['$scrypt$ln=31,r=8,p=1$c29tZQ$c29tZQ', 'scrypt of another system'],
  ['$6$rounds=5000$salt$hash', 'crypt(3)'],
  ['5f4dcc3b5aa765d61d8327deb882cf99', 'a bare digest'],
  ['$argon2', 'argon2 that is malformed'],
  ['$argon2id$v=19$m=19456,t=2,p=1$$', 'argon2 that is malformed'],
  ['$argon2id$garbage', 'argon2 that is malformed'],
  [argon2('m=8,t=1,p=16'), 'argon2 that is malformed'],
  [argon2('m=19456,t=0,p=1'), 'argon2 that is malformed'],
  [argon2('m=4294967295,t=2,p=1'), 'argon2 that is malformed'],
  [argon2('m=999999999,t=2,p=1'), 'argon2 beyond our limits'],
  [argon2('m=262145,t=1,p=1'), 'argon2 beyond our limits'],
  [argon2('m=19456,t=999999999,p=1'), 'argon2 beyond our limits'],
  [argon2('m=262144,t=5,p=1'), 'argon2 beyond our limits'],
  [argon2('m=19456,t=2,p=16777215'), 'argon2 beyond our limits'],
  ['x', 'an unknown form'],
  [':', 'an unknown form'],
  ['a:b:c', 'an unknown form'],
  [`${'0'.repeat(32)}:`, 'an unknown form'],
  [PASSWORD, 'an unknown form'],
  [' ', 'an unknown form'],
  ['\u0001\u{1f600}', 'an unknown form'],
  [`$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(1_000_000)}`, 'an unknown form'],
]

const shown = ([stored, form]: [string, string]): [string, string, string] => [stored.slice(0, 60), stored, form]

test.each(UNREADABLE.map(shown))('with %j stored, a sign-in reads as with a wrong password', async (_shown, stored) => {
  const signedUp = await withStored(stored)
  const wrong = await signIn((await signUp(stack)).email, 'a wrong password')
  expect(wrong.status).toBe(401)
  for (const password of [PASSWORD, 'a wrong password', stored.slice(0, 100).trim() || 'x']) {
    expect(await signIn(signedUp.email, password)).toEqual(wrong)
  }
})

test.each(UNREADABLE.map(shown))('with %j stored, no password is the current one', async (_shown, stored) => {
  const { client } = await withStored(stored)
  const change = { currentPassword: PASSWORD, newPassword: 'another good password' }
  for (const [path, body] of [
    ['verify-password', { password: PASSWORD }],
    ['change-password', change],
  ] as const) {
    const response = await client.post(`/api/auth/${path}`, { body })
    expect([path, response.status, await response.json()]).toEqual([path, 400, invalidPassword])
  }
})

test.each(['', null])('with %j stored, no sign-in succeeds', async (stored) => {
  const { email, client } = await withStored(stored)
  expect((await signIn(email, PASSWORD)).status).toBe(401)
  expect((await client.post('/api/auth/verify-password', { body: { password: PASSWORD } })).status).toBe(400)
  const body = { currentPassword: PASSWORD, newPassword: 'another good password' }
  expect((await client.post('/api/auth/change-password', { body })).status).toBe(400)
})

test('an unreadable form is logged once, by its kind, never with the hash', async () => {
  const lines: string[] = []
  const verify = createVerifyPassword(createLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) }))
  for (let round = 0; round < 2; round += 1) {
    for (const [stored] of UNREADABLE) expect(await verify({ hash: stored, password: PASSWORD })).toBe(false)
  }
  const forms = lines.map((line) => (JSON.parse(line) as { form: string }).form)
  expect(forms.toSorted()).toEqual([...new Set(UNREADABLE.map(([, form]) => form))].toSorted())
  for (const [stored] of UNREADABLE.filter(([value]) => value.length > 10)) expect(lines.join('')).not.toContain(stored)
})

test.each(UNREADABLE.map(shown))('%j is read as %j', (_shown, stored, form) => {
  const known = formOf(stored)
  // What only computing finds: its parameters contradict each other.
  expect([form, 'argon2']).toContain(known)
})

test('hashes of other systems with usual parameters are verified', async () => {
  const verify = createVerifyPassword(createLog({ LOG_LEVEL: 'silent' }))
  const made = [
    await hash(PASSWORD, { memoryCost: 65_536, timeCost: 3, parallelism: 4 }),
    await hash(PASSWORD, { algorithm: 1, memoryCost: 4096, timeCost: 3, parallelism: 1 }),
    await hash(PASSWORD, { algorithm: 0, memoryCost: 4096, timeCost: 3, parallelism: 1 }),
    await hashScrypt(PASSWORD),
  ]
  for (const stored of made) {
    expect(await verify({ hash: stored, password: PASSWORD })).toBe(true)
    expect(await verify({ hash: stored, password: 'another' })).toBe(false)
  }
})

async function withStored(password: string | null) {
  const signedUp = await signUp(stack)
  await stack.sql('UPDATE account SET password = $1 WHERE "userId" = $2', [password, signedUp.userId])
  return signedUp
}

async function signIn(email: string, password: string) {
  const response = await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password } })
  return { status: response.status, body: await response.json(), headers: [...response.headers.keys()] }
}

const invalidPassword = { code: 'INVALID_PASSWORD', message: expect.any(String) }
