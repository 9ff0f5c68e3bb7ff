import { createHash, createHmac } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { LEGACY_KEYS, OLD_HASHES, OLD_PASSWORD } from '../../test/old-hashes.ts'
import { readStored } from './forms.ts'
import { recognise } from './recognise.ts'

const KEYS = new Map(Object.entries(LEGACY_KEYS).map(([name, key]) => [name.slice(-1), key]))
const BCRYPT = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'

test('every form that says itself what it is stays as it is', () => {
  const plain = OLD_HASHES.filter(([, stored]) => !stored.startsWith('old:'))
  for (const [format, stored] of plain) {
    const kind = format === 'md5-crypt' ? 'weak' : 'hash'
    expect(recognise(stored, { maker: 'any' })).toEqual({ kind, hash: stored, format, isRepaired: false })
  }
  expect(plain.length).toBeGreaterThan(30)
})

test.each([
  ['flask-security', '1'],
  ['devise', '2'],
] as const)('what %s hashed with a key is written with the number of the key', (maker, keyNumber) => {
  const prefix = `old:${maker}:${keyNumber}:`
  for (const [format, stored] of OLD_HASHES.filter(([, one]) => one.startsWith(prefix))) {
    const found = recognise(stored.slice(prefix.length), { maker, keyNumber, keys: KEYS })
    expect(found).toEqual({ kind: 'hash', hash: stored, format, isRepaired: false })
  }
})

test('a hash of WordPress is verified with its rules, but for the form that has them already', () => {
  const phpass = '$P$5AiMM5W5gexpTY01EU3qjsfO0kj2A70'
  expect(recognise(phpass, { maker: 'wordpress' })).toMatchObject({ hash: `old:wordpress:${phpass}` })
  const own = '$wp$2y$04$P1kFJoeBvn.yUymdKaXTYODlcMEQM0Sr8IdzfSJ9Vrfee1zo9IfMW'
  expect(recognise(own, { maker: 'wordpress' })).toMatchObject({ hash: own })
})

test.each([
  ['a blank behind it', `${BCRYPT} `],
  ['a newline behind it', `${BCRYPT}\n`],
  ['as Python prints bytes', `b'${BCRYPT}'`],
  ['as PostgreSQL prints bytes', `\\x${Buffer.from(BCRYPT).toString('hex')}`],
  ['as a bytea of a fixed length', `\\x${Buffer.from(`${BCRYPT}\0\0`).toString('hex')}`],
])('a hash with %s is repaired', (_what, stored) => {
  expect(recognise(stored, { maker: 'any' })).toEqual({
    kind: 'hash',
    hash: BCRYPT,
    format: 'bcrypt',
    isRepaired: true,
  })
})

test('Django’s argon2 loses the word before it, and LDAP’s crypt(3) the one in braces', () => {
  const argon2 = '$argon2id$v=19$m=64,t=1,p=2$zOWuO6MSAYFy9zGlnV7g3Q$g1h0k8OdJTYOCdGUEtDS5l7QbKhc0Peyh9gGuNCw3eg'
  expect(recognise(`argon2${argon2}`, { maker: 'django' })).toMatchObject({ kind: 'hash', hash: argon2 })
  const crypt = '$5$rounds=1000$UiHYgTHfX2OrwmKz$WaDsruodaoPT0MAX3eUz2elZAONZttVTN.xJ2Nd.EnC'
  expect(recognise(`{CRYPT}${crypt}`, { maker: 'any' })).toMatchObject({ kind: 'hash', hash: crypt })
})

test.each(['', '  ', '!', '!B8KIYFbAHA5TXT8muFYccLMkJt1HRtytBTJzHVGW', '*', null])('%j is no password', (stored) => {
  expect(recognise(stored, { maker: 'django' })).toEqual({ kind: 'none' })
})

test.each([
  ['django', 'md5', (salt: string) => `md5$${salt}$`],
  ['django', 'sha1', (salt: string) => `sha1$${salt}$`],
  ['werkzeug', 'sha256', (salt: string) => `sha256$${salt}$`],
] as const)('a salted digest of %s opens with its password alone, once it is wrapped', async (maker, name, before) => {
  const digest =
    maker === 'django'
      ? createHash(name).update(`salt${OLD_PASSWORD}`).digest('hex')
      : createHmac(name, 'salt').update(OLD_PASSWORD).digest('hex')
  const found = recognise(`${before('salt')}${digest}`, { maker })
  await expect(opens(found, OLD_PASSWORD)).resolves.toBe(true)
  await expect(opens(found, `${OLD_PASSWORD}x`)).resolves.toBe(false)
  // Of a maker that is not known it could be either.
  expect(recognise(`${before('salt')}${digest}`, { maker: 'any' })).toEqual({ kind: 'refused', why: 'unknown' })
})

test.each([
  ['any', (password: string) => sha('sha1', password), 'hex'],
  ['any', (password: string) => `{SHA}${sha('sha1', password, 'base64')}`, 'SHA'],
  ['any', (password: string) => `{SSHA}${ssha(password)}`, 'SSHA'],
  ['django', (password: string) => `sha1$$${sha('sha1', password)}`, 'unsalted'],
  ['wordpress', (password: string) => sha('md5', password.trim()), 'WordPress'],
  ['werkzeug', (password: string) => `plain$$${password}`, 'plain text'],
] as const)('of %s: %s', async (maker, make, _what) => {
  const found = recognise(make(OLD_PASSWORD), { maker })
  expect(found.kind).toBe('digest')
  await expect(opens(found, OLD_PASSWORD)).resolves.toBe(true)
  await expect(opens(found, 'another password')).resolves.toBe(false)
})

test('bare digests whose salt is elsewhere, and those of MySQL, are of no known form', () => {
  const unknown = { kind: 'refused', why: 'unknown' }
  for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
    for (const maker of ['any', 'django', 'wordpress', 'werkzeug', 'devise'] as const) {
      expect(recognise(sha(name, OLD_PASSWORD), { maker, isSalted: true })).toEqual(unknown)
    }
  }
  expect(recognise('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19', { maker: 'any' })).toEqual(unknown)
})

test.each([
  ['cut', BCRYPT.slice(0, 40)],
  ['cut', '$argon2id$v=19$m=65536,t=3,p=4$rsVdgNc'],
  ['limits', BCRYPT.replace('$04$', '$31$')],
  ['limits', BCRYPT.replace('$2b$', '$2x$')],
  ['limits', 'pbkdf2_sha256$2000000000$Yx8sT2kQw0pLmNbV$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ['limits', `scrypt:1073741824:8:1$8e9Xw1sLh3cQ0xYz$${'ab'.repeat(64)}`],
  ['limits', '$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['unknown', 'pbkdf2'.slice(0, 3)],
  ['unknown', 'hunter2'],
  ['unknown', 'pbkdf2_wrapped_sha1$1000$salt$7yHwU4T4ZOGbIQrSWwO4NzW4VJidd7UCCbMU2p7qg78='],
  ['unknown', `x${'y'.repeat(5000)}`],
])('refused as %s: %s', (why, stored) => {
  expect(recognise(stored, { maker: 'any' })).toEqual({ kind: 'refused', why })
  expect(recognise(stored, { maker: 'flask-security', keys: KEYS })).toMatchObject({ kind: 'refused' })
})

async function opens(found: ReturnType<typeof recognise>, password: string): Promise<boolean> {
  if (found.kind !== 'digest') throw new Error(found.kind)
  const argon2 = await hash(found.digest, { memoryCost: 64, timeCost: 1, parallelism: 1 })
  const read = readStored(`${found.envelope}${argon2}`, KEYS)
  if (typeof read === 'string') throw new Error(read)
  return read.verify(password)
}

function sha(name: string, password: string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash(name).update(password).digest(encoding)
}

function ssha(password: string): string {
  const digest = createHash('sha1').update(password).update('salt').digest()
  return Buffer.concat([digest, Buffer.from('salt')]).toString('base64')
}
