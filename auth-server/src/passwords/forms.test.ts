import { hash } from '@node-rs/argon2'
import { hashPassword as hashScrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import { createLog } from '../log.ts'
import { readStored } from './forms.ts'
import { createVerifyPassword } from './hash.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const PARTS: Parameters<typeof createVerifyPassword>[0] = {
  log: createLog({ LOG_LEVEL: 'silent' }),
  keys: new Map(),
  runCostly: (_costMs, work) => work(),
  count: () => undefined,
}

const argon2 = (cost: string) => `$argon2id$v=19$${cost}$c29tZXNhbHRzb21lc2FsdA$${'A'.repeat(43)}`
const BCRYPT = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'

/** 32 bytes in base64. */
const KEY_32 = `${'A'.repeat(43)}=`

const UNREADABLE: [string, string][] = [
  ['$2b$31$', 'bcrypt'],
  [BCRYPT.replace('$10$', '$31$'), 'bcrypt'],
  [BCRYPT.replace('$10$', '$15$'), 'bcrypt'],
  [BCRYPT.replace('$10$', '$03$'), 'bcrypt'],
  [BCRYPT.replace('$2b$', '$2x$'), 'bcrypt'],
  [BCRYPT.slice(0, -1), 'bcrypt'],
  [`${BCRYPT}\n`, 'bcrypt'],
  [`b'${BCRYPT}'`, 'an unknown form'],
  [`bcrypt_sha256$$${BCRYPT}`, 'bcrypt'],
  ['$bcrypt-sha256$v=2,t=2b,r=31$OGT5.PDF/IGpPzC3tO2cd.$qnIOxMXjviUZMbvIpqYl1Re/CSjjd3.', 'bcrypt'],
  [`$wp${BCRYPT.replace('$2b$10$', '$2y$20$')}`, 'an unknown form'],
  ['pbkdf2_sha256$870000$salt$c29tZQ==', 'pbkdf2'],
  [`pbkdf2_sha256$3000001$salt$${KEY_32}`, 'pbkdf2'],
  [`pbkdf2_sha256$2000000000$salt$${KEY_32}`, 'pbkdf2'],
  [`pbkdf2_sha256$0$salt$${KEY_32}`, 'pbkdf2'],
  [`pbkdf2_sha256$1e3$salt$${KEY_32}`, 'pbkdf2'],
  [`pbkdf2_sha256$1000$$${KEY_32}`, 'pbkdf2'],
  [`pbkdf2_wrapped_sha1$1000$salt$${KEY_32}`, 'pbkdf2'],
  ['$pbkdf2-sha512$25000$abc$def', 'pbkdf2'],
  [`pbkdf2:sha256:3000001$salt$${'0'.repeat(64)}`, 'pbkdf2'],
  [`pbkdf2:md5:1000$salt$${'0'.repeat(32)}`, 'pbkdf2'],
  ['scrypt:32768:8:1$salt$00ff', 'scrypt'],
  [`scrypt:1073741824:8:1$salt$${'0'.repeat(128)}`, 'scrypt'],
  [`scrypt:32769:8:1$salt$${'0'.repeat(128)}`, 'scrypt'],
  [`scrypt:131072:16:1$salt$${'0'.repeat(128)}`, 'scrypt'],
  [`scrypt:1024:8:9$salt$${'0'.repeat(128)}`, 'scrypt'],
  [`scrypt:1024:17:1$salt$${'0'.repeat(128)}`, 'scrypt'],
  [`scrypt$1073741824$salt$8$1$${KEY_32}`, 'scrypt'],
  ['$scrypt$ln=31,r=8,p=1$c29tZQ$c29tZQ', 'scrypt'],
  [`$scrypt$ln=31,r=8,p=1$c29tZQ$${KEY_32.slice(0, -1)}`, 'scrypt'],
  ['$6$rounds=5000$salt$hash', 'crypt(3)'],
  [`$6$rounds=999999999$salt$${'a'.repeat(86)}`, 'crypt(3)'],
  [`$5$rounds=700001$salt$${'a'.repeat(43)}`, 'crypt(3)'],
  [`$5$rounds=999$salt$${'a'.repeat(43)}`, 'crypt(3)'],
  ['$P$ZhmAgB9vAHPkrt2TSuCWojTzabZIOk0', 'an unknown form'],
  ['5f4dcc3b5aa765d61d8327deb882cf99', 'a bare digest'],
  ['sha1$salt$e8cd8ad7ce2758dca2d7c28369cc26b827f55fb1', 'an unknown form'],
  ['{SSHA}hcB9s3ekRZl3L/Cl4Z2Ur/0ZuQXrfQ+h', 'an unknown form'],
  ['plain$$password', 'an unknown form'],
  ['!', 'an unknown form'],
  ['old:', 'an unknown form'],
  ['old:unheard-of:x', 'an unknown form'],
  [`old:wrapped:md4${argon2('m=64,t=1,p=1')}`, 'an unknown form'],
  ['old:wrapped:md5', 'an unknown form'],
  [`old:wrapped:md5${argon2('m=999999999,t=1,p=1')}`, 'an unknown form'],
  [`old:wordpress:old:wordpress:${BCRYPT}`, 'an unknown form'],
  [`old:keycloak:sha512:999999999:c29tZXNhbHQ=:${KEY_32}`, 'an unknown form'],
  [`old:devise:1:${BCRYPT}`, 'an older form whose key is missing'],
  [`old:flask-security:9:${BCRYPT}`, 'an older form whose key is missing'],
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
  const log = createLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) })
  const verify = createVerifyPassword({ ...PARTS, log })
  for (let round = 0; round < 2; round += 1) {
    for (const [stored] of UNREADABLE) expect(await verify({ hash: stored, password: PASSWORD })).toBe(false)
  }
  const forms = lines.map((line) => (JSON.parse(line) as { form: string }).form)
  expect(forms.toSorted()).toEqual([...new Set(UNREADABLE.map(([, form]) => form))].toSorted())
  for (const [stored] of UNREADABLE.filter(([value]) => value.length > 10)) expect(lines.join('')).not.toContain(stored)
})

test.each(UNREADABLE.map(shown))('%j is read as %j', (_shown, stored, form) => {
  const read = readStored(stored, new Map())
  // What only computing finds: its parameters contradict each other.
  expect([form, 'argon2']).toContain(typeof read === 'string' ? read : read.format)
})

test('hashes of other systems with usual parameters are verified', async () => {
  const verify = createVerifyPassword(PARTS)
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
