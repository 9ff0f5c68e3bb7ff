import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { type Fault, oldHash, run, set, testFaults, user, userWith } from '../../../test/faults.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000' })
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

const MAIL = { SMTP_URL: 'smtp://localhost', MAIL_FROM: 'no-reply@acme.org', MAGIC_LINK: 'false', EMAIL_CODE: 'false' }
const nobodyVerified = async (one: Practice) => {
  await set({ ...MAIL, REQUIRE_EMAIL_VERIFICATION: 'true' })(one)
  await one.sql(`${userWith(`unverified-${Math.random()}`)} UPDATE "user" SET "emailVerified" = false`)
}
const otherSource = async (one: Practice) => {
  await one.sql(
    `${user('7')} INSERT INTO auth_import (id, source, "oldId", "userId", status, run) VALUES ('7', 'django', '7', '7', 'import', 1)`,
  )
  const OLD_TOKENS_SECRET = 'an old secret of 32 bytes, at least'
  await set({ OLD_TOKENS_UNTIL: '2099-01-01', OLD_TOKENS_SECRET, OLD_TOKENS_SOURCE: 'Django' })(one)
}
const DOUBLE = `DROP INDEX "user_lower_email_key"; ${userWith('double')} ${userWith('twin', {}, { email: `'DOUBLE@acme.org'` })}`

// biome-ignore format: a table reads by rows
const FAULTS: Fault[] = [
  ['user-without-sign-in', 'Users', run(user('nowhere'))],
  ['provider-not-configured', 'Users', run(`${userWith('elsewhere')} INSERT INTO account (id, "userId", "accountId", "providerId") VALUES ('lab', 'elsewhere', 'lab', 'gitlab')`)],
  ['address-unusable', 'Users', run(userWith('blank', {}, { email: `'canary@acme.org '` }))],
  ['address-unusable', 'Users', run(userWith('none', {}, { email: `'canary'` })), { way: 1 }],
  ['address-doubled', 'Users', run(DOUBLE)],
  ['name-blank', 'Users', run(userWith('nameless', {}, { name: `E' \\t'` }))],
  ['role-unknown', 'Users', run(userWith('superman', {}, { role: `'user,superadmin'` }))],
  ['nobody-verified', 'Users', nobodyVerified],
  ['nobody-verified', 'Users', nobodyVerified, { way: 1 }],
  ['second-factor-missing', 'Users', run(userWith('codeless', {}, { twoFactorEnabled: 'true' }))],
  ['old-tokens-nobody', 'Users', otherSource, { after: `DELETE FROM auth_import; DELETE FROM "user" WHERE id = '7'` }],
  ['imported-user-gone', 'Users', run(`INSERT INTO auth_import (id, source, "oldId", "userId", status, run) VALUES ('1', 'django', '1', 'gone', 'import', 1)`)],
  ['password-missing', 'Passwords', run(userWith('empty', { password: 'NULL' }))],
  ['password-unreadable', 'Passwords', run(userWith('digest', { password: `'${'0a'.repeat(16)}'` }))],
  ['password-unreadable', 'Passwords', run(userWith('cut', { password: `'$argon2id$v=19$m=19456,t=2,p=1$abc'` }))],
  ['legacy-key-missing', 'Passwords', run(userWith('pepper', { password: oldHash('devise') })), { after: `DELETE FROM "user" WHERE id = 'pepper'` }],
  ['legacy-key-unused', 'Passwords', set({ LEGACY_KEY_3: 'canary' })],
  ['hashes-left', 'Passwords', run(userWith('django', { password: oldHash('django-pbkdf2') }))],
]

testFaults(() => practice, FAULTS)

test('user-signs-in-by-reset: where mails are sent, a user without a password is no warning', async () => {
  await practice.sql(user('resets'))
  const before = { ...practice.variables }
  await set(MAIL)(practice)
  const [found] = await practice.look(['Users'])
  expect([found?.id, found?.severity]).toEqual(['user-signs-in-by-reset', 'info'])
  await set({ MAGIC_LINK: 'true' })(practice)
  expect(await practice.look(['Users'])).toEqual([])
  practice.variables = before
})

test('hashes are told by format and age, and never shown', async () => {
  await practice.sql(userWith('phpass', { password: oldHash('phpass'), updatedAt: `now() - interval '400 days'` }))
  const [found] = await practice.look(['Passwords'])
  expect(found?.what).toContain('1 phpass (oldest 400 days)')
  expect(JSON.stringify(found)).not.toContain('$P$')
})
