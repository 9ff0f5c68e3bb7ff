import { expect, test } from 'vitest'
import { takeAllAddresses } from '../auth/addresses.ts'
import { judge, type Rules } from './judge.ts'
import type { SourceUser } from './system.ts'

takeAllAddresses()

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'
const NOW = new Date('2026-01-01T00:00:00Z')
const RULES: Rules = {
  ...{ verified: undefined, makesAdmins: false, takesWeak: false, idPrefix: '', legacyKeys: new Map(), isUuid: false },
  ...{ secret: 'secret', now: NOW },
}
const USER: SourceUser = {
  ...{ oldId: '1', email: 'ann@example.com', name: 'Ann', image: null, emailVerified: true, createdAt: null },
  ...{ isAdmin: false, banned: false, banExpires: null, accounts: [], skip: null, remarks: [] },
  password: { kind: 'hash', hash: HASH, format: 'bcrypt' },
}
const judged = (changes: Partial<SourceUser>, rules: Partial<Rules> = {}) =>
  judge({ ...USER, ...changes }, { ...RULES, ...rules })

test.each([
  [' Ann@Example.COM\n', 'ann@example.com'],
  ["o'neil+x@example.com", "o'neil+x@example.com"],
])('the address %j becomes %j', (email, expected) => {
  expect(judged({ email })).toMatchObject({ email: expected, outcome: 'import', reasons: [] })
})

// The third has U+212A, which is a k once it is lower-cased.
test.each([
  'ann',
  'ann@localhost',
  'mar\u212A@example.com',
  'ann@exämple.com',
  'a b@example.com',
  'a\0@example.com',
  `${'a'.repeat(250)}@b.de`,
])('the address %j is left out', (email) => {
  expect(judged({ email })).toMatchObject({ outcome: 'skip', reasons: ['bad-email'] })
})

test.each([
  [null, 'ann', ['name-from-email']],
  ['  ', 'ann', ['name-from-email']],
  ['\u200b', 'ann', ['name-from-email']],
  [' Ann ', 'Ann', []],
  ['Ann\0\nLee', 'Ann Lee', ['name-cleaned']],
  ['x'.repeat(10_000_000), 'x'.repeat(255), ['name-cleaned']],
  ['😀'.repeat(300), '😀'.repeat(255), ['name-cleaned']],
  ['\ud800 half', 'half', ['name-cleaned']],
])('a name is made fit, and that is said', (name, expected, reasons) => {
  expect(judged({ name })).toMatchObject({ name: expected, reasons })
})

test.each(['', 'a\nb', 'a\0', 'x'.repeat(300)])('the id %j is left out', (oldId) => {
  expect(judged({ oldId })).toMatchObject({ outcome: 'skip', reasons: ['bad-id'] })
})

test('where ids are uuids, another id is left out', () => {
  const uuid = '93a9bb6d-23be-4d0b-b344-f83fb89541f5'
  expect(judged({ oldId: '17' }, { isUuid: true })).toMatchObject({ reasons: ['bad-id'] })
  expect(judged({ oldId: uuid }, { isUuid: true })).toMatchObject({ userId: uuid, outcome: 'import' })
  const capitals = uuid.toUpperCase()
  expect(judged({ oldId: capitals }, { isUuid: true })).toMatchObject({ oldId: uuid, userId: uuid })
  expect(judged({ oldId: capitals })).toMatchObject({ oldId: capitals, userId: capitals })
})

test('a time to come is now, and one that is none is not known', () => {
  expect(judged({ createdAt: new Date('2030-01-01') })).toMatchObject({ createdAt: NOW, reasons: ['future-date'] })
  expect(judged({ createdAt: new Date(Number.NaN) }).createdAt).toBeNull()
})

test('a ban that is over is none', () => {
  expect(judged({ banned: true, banExpires: new Date('2025-01-01') })).toMatchObject({
    banned: false,
    outcome: 'import',
  })
  const banExpires = new Date('2027-01-01')
  expect(judged({ banned: true, banExpires })).toMatchObject({ banned: true, banExpires, outcome: 'import-banned' })
})

test.each([
  ['$2b$15$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO', 'hash-limits'],
  [
    '$argon2id$v=19$m=4194304,t=1,p=1$utO0jX5zpmVRpwBXfM4lNg$UgErbjIvHoKSwPj06ySGXZIB8QrQKM9DJhb5KwOn7+8',
    'hash-limits',
  ],
  ['$6$rounds=999999999$miUrgbR4O0mEOCjN$x', 'hash-limits'],
  ['aa5f0fa7fa2a5de4cf2c8a6b3ba1b4c5', 'hash-limits'],
  ['old:devise:1:$2a$04$Rw4Oh3ZaYcVfHIJ/m/uOYeQ03QmzUan9FVKXIvmR.GQk0mxzpP5Hy', 'hash-limits'],
])('what sign-in would refuse is not written: %s', (hash, reason) => {
  expect(judged({ password: { kind: 'hash', hash, format: 'any' } })).toMatchObject({
    ...{ password: null, outcome: 'import-no-password', reasons: [reason] },
  })
})

test('a sign-in at a provider that cannot be one is left out, and one that is named twice is one', () => {
  const google = { providerId: 'google', accountId: '117' }
  const accounts = [
    google,
    google,
    { providerId: 'credential', accountId: '1' },
    { providerId: 'connected:x', accountId: '1' },
  ]
  expect(judged({ accounts })).toMatchObject({ accounts: [google], reasons: ['account-lost'] })
})

test('the digest of what the old system has changes with it, and does not show it', () => {
  const one = judged({}).sourceDigest
  expect(judged({}).sourceDigest).toBe(one)
  expect(judged({ password: { kind: 'hash', hash: HASH.replace('a/', 'b/'), format: 'any' } }).sourceDigest).not.toBe(
    one,
  )
  expect(judged({}, { secret: 'another' }).sourceDigest).not.toBe(one)
})

test('whether an address is verified is said by the source, else by the operator', () => {
  const verified = (emailVerified: boolean | null, rules?: Partial<Rules>) =>
    judged({ emailVerified }, rules).emailVerified
  expect([verified(null), verified(null, { verified: 'all' }), verified(null, { verified: 'none' })]).toEqual([
    null,
    true,
    false,
  ])
  expect([verified(false, { verified: 'all' }), verified(true, { verified: 'none' })]).toEqual([false, true])
})
