import { expect, test } from 'vitest'
import { copy, usersOf } from '../../../test/export.ts'
import { OLD_HASHES } from '../../../test/old-hashes.ts'

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''

test('fastapi-users: flags, sign-ins at providers, and passwords that nobody knows', async () => {
  const dump = [
    copy(
      'oauth_account',
      'id, user_id, oauth_name, access_token, account_id, account_email',
      'x|3|google|t|117|c@example.com',
      'y|2|google|t|118|other@example.com',
    ),
    copy(
      '"user"',
      'id, email, hashed_password, is_active, is_superuser, is_verified, full_name',
      `93a9bb6d-23be-4d0b-b344-f83fb89541f5|A@Example.com|${BCRYPT}|f|t|t|Ada`,
      `2|b@example.com|${BCRYPT}|t|f|f|`,
      `3|c@example.com|${BCRYPT}|t|f|t|Cy`,
    ),
  ].join('')
  const [ada, bo, cy] = await usersOf('fastapi-users', { files: [dump] })
  expect(ada).toMatchObject({
    oldId: '93a9bb6d-23be-4d0b-b344-f83fb89541f5',
    email: 'A@Example.com',
    name: 'Ada',
    banned: true,
    isAdmin: true,
    emailVerified: true,
  })
  expect(bo).toMatchObject({
    name: null,
    emailVerified: false,
    password: { kind: 'hash' },
    accounts: [{ providerId: 'google', accountId: '118' }],
  })
  expect(cy).toMatchObject({
    password: { kind: 'none' },
    remarks: ['random-password'],
    accounts: [{ providerId: 'google', accountId: '117' }],
  })
})

test('the FastAPI template does not say whether an address is verified', async () => {
  const dump = copy(
    '"user"',
    'id, email, hashed_password, is_active, is_superuser, full_name, created_at',
    `1|a@example.com|${BCRYPT}|t|f|Ada|\\N`,
  )
  const [ada] = await usersOf('full-stack-fastapi-template', { files: [dump] })
  expect(ada).toMatchObject({ emailVerified: null, createdAt: null, banned: false })
})

test('django: any model of a user, with what allauth keeps', async () => {
  const dump = [
    copy(
      'account_emailaddress',
      'id, email, verified, "primary", user_id',
      '1|a@example.com|t|t|7',
      '2|more@example.com|t|f|7',
      '3|b@example.com|f|t|8',
    ),
    copy('mfa_authenticator', 'id, type, data, user_id', '1|totp|{}|8', '2|recovery_codes|{}|7'),
    copy('socialaccount_socialaccount', 'id, provider, uid, user_id', '1|github|900|7'),
    copy(
      'people_person',
      'id, password, last_login, is_superuser, email, first_name, last_name, is_active, date_joined',
      `7|bcrypt$${BCRYPT}|\\N|t|A@example.com|Ada|Plain|t|2021-03-04 05:06:07.5+02`,
      '8|!unusable|\\N|f|b@example.com|||f|2021-03-04 05:06:07',
    ),
  ].join('')
  const [ada, bo] = await usersOf('django', { files: [dump] })
  expect(ada).toMatchObject({
    name: 'Ada Plain',
    isAdmin: true,
    emailVerified: true,
    accounts: [{ providerId: 'github', accountId: '900' }],
    remarks: ['addresses-lost'],
  })
  expect(ada?.createdAt?.toISOString()).toBe('2021-03-04T03:06:07.500Z')
  expect(bo).toMatchObject({
    name: null,
    banned: true,
    emailVerified: false,
    password: { kind: 'none' },
    remarks: ['totp-lost'],
  })
  expect(bo?.createdAt?.toISOString()).toBe('2021-03-04T05:06:07.000Z')
})

test('django: dumpdata says the same', async () => {
  const dump = JSON.stringify([
    {
      model: 'auth.user',
      pk: 7,
      fields: {
        password: `bcrypt$${BCRYPT}`,
        last_login: null,
        is_superuser: false,
        email: 'a@example.com',
        is_active: true,
      },
    },
    {
      model: 'account.emailaddress',
      pk: 1,
      fields: { user: 7, email: 'a@example.com', verified: true, primary: true },
    },
  ])
  expect(await usersOf('django', { files: [dump] })).toMatchObject([
    { oldId: '7', emailVerified: true, password: { format: 'django-bcrypt' } },
  ])
})

test('prisma-bcryptjs: the user name is the name, roles are by a table between, locks are no bans', async () => {
  const dump = [
    copy(
      'public."AuthLockout"',
      'id, email, "lockedUntil"',
      'x|A@example.com|2099-01-01 00:00:00',
      'y|b@example.com|2001-01-01 00:00:00',
    ),
    copy('public."Role"', 'id, name', 'r1|admin', 'r2|user'),
    copy(
      'public."User"',
      'id, email, username, password, "createdAt"',
      `c1|a@example.com|ada|${BCRYPT}|2021-03-04 05:06:07.123`,
      `c2|b@example.com|bo|${BCRYPT}|2021-03-04 05:06:07`,
    ),
    copy('public."_RoleToUser"', '"A", "B"', 'r2|c1', 'r1|c2'),
  ].join('')
  const [ada, bo] = await usersOf('prisma-bcryptjs', { files: [dump] })
  expect(ada).toMatchObject({ name: 'ada', isAdmin: false, banned: false, remarks: ['locked-there'] })
  expect(bo).toMatchObject({ name: 'bo', isAdmin: true, remarks: [] })
})

test('plain columns are found by what they are called, whatever the table is', async () => {
  const dump = copy(
    'app.members',
    'member_no, mail_address, display_name, pw_hash, is_disabled, mail_confirmed_at, joined_ms, roles, deleted_at, phone',
    `9007199254740993|a@example.com|Ada|${BCRYPT}|t|2021-01-01|1614834367000|{admin}|\\N|+49`,
    `text-id|b@example.com|Bo|\\N|f|\\N|1614834367|{}|2024-01-01|\\N`,
  )
  const [ada, bo] = await usersOf('plain-bcrypt', { files: [dump] })
  expect(ada).toMatchObject({
    oldId: '9007199254740993',
    banned: true,
    emailVerified: true,
    isAdmin: true,
    remarks: ['phone-lost'],
  })
  expect(bo).toMatchObject({ oldId: 'text-id', emailVerified: false, skip: 'deleted', password: { kind: 'none' } })
  expect([ada?.createdAt?.toISOString(), bo?.createdAt?.toISOString()]).toEqual(
    Array(2).fill('2021-03-04T05:06:07.000Z'),
  )
})

test('where nothing is called an id, a table begins with it, and the number of a role is no rank', async () => {
  const dump = copy(
    'members',
    'ref, mail, pw, mail_ok, role',
    `u-1|a@example.com|${BCRYPT}|1|1`,
    `u-2|b@example.com|${BCRYPT}|0|ADMIN`,
  )
  expect(await usersOf('flask-werkzeug', { files: [dump] })).toMatchObject([
    { oldId: 'u-1', emailVerified: true, isAdmin: false },
    { oldId: 'u-2', emailVerified: false, isAdmin: true },
  ])
})

test('a digest beside a salt is of no known form, and beside an empty one it is unsalted', async () => {
  const digest = 'ab'.repeat(32)
  const dump = copy(
    'users',
    'id, email, password, password_salt',
    `1|a@example.com|${digest}|c4f3`,
    `2|b@example.com|${digest}|`,
    `3|c@example.com|${BCRYPT}|c4f3`,
  )
  expect(await usersOf('plain-bcrypt', { files: [dump] })).toMatchObject([
    { password: { kind: 'refused', reason: 'hash-unknown' } },
    { password: { kind: 'digest' } },
    { password: { kind: 'hash' } },
  ])
})

test('no other column takes the place of an address that one row of JSON does not have', async () => {
  const rows = [
    { id: '2', billing_email: 'boss@example.com', password: BCRYPT },
    { id: '1', email: 'a@example.com', password: BCRYPT },
    { id: '3', password: BCRYPT, billing_email: 'boss@example.com' },
  ]
  const users = await usersOf('csv', { files: [rows.map((row) => `${JSON.stringify(row)}\n`).join('')] })
  expect(users.map(({ oldId, email }) => [oldId, email])).toEqual([
    ['2', null],
    ['1', 'a@example.com'],
    ['3', null],
  ])
})

test.each([
  [
    'a user without an id',
    { model: 'auth.user', fields: { password: '!', last_login: null, email: 'a@example.com' } },
    '--natural-primary',
  ],
  [
    'a sign-in with a name',
    { model: 'socialaccount.socialaccount', pk: 1, fields: { user: ['ada'], provider: 'google', uid: '1' } },
    '--natural-foreign',
  ],
  [
    'an address with a name',
    {
      model: 'account.emailaddress',
      pk: 1,
      fields: { user: ['ada'], email: 'a@example.com', verified: true, primary: true },
    },
    '--natural-foreign',
  ],
])('django: %s in dumpdata is told, with what to do', async (_what, entry, advice) => {
  await expect(usersOf('django', { files: [`[\n${JSON.stringify(entry)}]\n`] })).rejects.toThrow(
    new RegExp(`^old, line 2: .*${advice}`),
  )
})

test('what only looks like a flag bans, deletes and verifies nobody', async () => {
  const columns = [
    'id, email, password, newsletter_active, two_factor_enabled, comments_disabled, badges_unlocked, posts_deleted, deleted_count',
    'age_verified, company_admin, registration_number, bypass_mfa, locked_amount',
  ].join(', ')
  const dump = copy('users', columns, `1|a@example.com|${BCRYPT}|f|f|t|t|3|3|t|t|1614834367|x|1`)
  expect(await usersOf('laravel', { files: [dump] })).toMatchObject([
    { banned: false, skip: null, emailVerified: null, isAdmin: false, createdAt: null, password: { hash: BCRYPT } },
  ])
})

test.each(['user_active', 'account_enabled'])('%s is one', async (column) => {
  const dump = copy('users', `id, email, password, ${column}`, `1|a@example.com|${BCRYPT}|f`)
  expect(await usersOf('laravel', { files: [dump] })).toMatchObject([{ banned: true }])
})
