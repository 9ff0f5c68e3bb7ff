import { expect, test } from 'vitest'
import { copy, usersOf } from '../../../test/export.ts'
import { OLD_HASHES } from '../../../test/old-hashes.ts'

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''

test('flask-security: roles by a table between, and the salt is needed', async () => {
  const dump = [
    copy('app_role', 'id, name, description', '1|admin|', '2|customer|'),
    copy('project', 'id, name, description', '2|Admin dashboard|'),
    copy('roles_users', 'user_id, role_id', '1|1', '2|2'),
    copy(
      '"user"',
      'id, email, password, active, confirmed_at, tf_totp_secret, fs_uniquifier',
      `1|a@example.com|${BCRYPT}|t|2021-01-01 00:00:00|{}|x`,
      `2|b@example.com|${BCRYPT}|t|\\N|\\N|y`,
    ),
  ].join('')
  const settings = { legacyKey: { number: '2', value: 'salt' } }
  expect(await usersOf('flask-security', { files: [dump], settings })).toMatchObject([
    {
      isAdmin: true,
      emailVerified: true,
      password: { hash: `old:flask-security:2:${BCRYPT}` },
      remarks: ['totp-lost'],
    },
    { isAdmin: false },
  ])
})

test('devise: a lock is a ban, and the pepper is told', async () => {
  const dump = copy(
    'users',
    'id, email, encrypted_password, locked_at, confirmed_at, unconfirmed_email, admin',
    `1|a@example.com|${BCRYPT}|2021-01-01 00:00:00|\\N|n@example.com|t`,
  )
  expect(await usersOf('devise', { files: [dump] })).toMatchObject([
    { email: 'a@example.com', banned: true, emailVerified: false, isAdmin: true, password: { hash: BCRYPT } },
  ])
  const settings = { legacyKey: { number: '1', value: 'pepper' } }
  expect(await usersOf('devise', { files: [dump], settings })).toMatchObject([
    { password: { hash: `old:devise:1:${BCRYPT}` } },
  ])
})

test('wordpress: any prefix, administrators by their capabilities, and user_status means nothing', async () => {
  const dump = `/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE \`blog7_users\` (\`ID\` bigint, \`user_login\` varchar(60), \`user_pass\` varchar(255), \`user_email\` varchar(100), \`user_registered\` datetime, \`user_status\` int, \`display_name\` varchar(250));
INSERT INTO \`blog7_users\` VALUES (1,'ada','$P$5uVS5tnoB/1iah3ChbZf2GQsoX8hsf0','a@example.com','2021-03-04 05:06:07',1,'Ada');
CREATE TABLE \`blog7_usermeta\` (\`umeta_id\` bigint, \`user_id\` bigint, \`meta_key\` varchar(255), \`meta_value\` longtext);
INSERT INTO \`blog7_usermeta\` VALUES (1,1,'blog7_capabilities','a:1:{s:13:\\"administrator\\";b:1;}'),(2,1,'nickname','x');
`
  expect(await usersOf('wordpress', { files: [dump] })).toMatchObject([
    {
      oldId: '1',
      name: 'Ada',
      isAdmin: true,
      banned: false,
      emailVerified: null,
      password: { hash: 'old:wordpress:$P$5uVS5tnoB/1iah3ChbZf2GQsoX8hsf0' },
    },
  ])
})

test('wordpress: an administrator of one site in a network is none of all', async () => {
  const meta = (key: string) => `1|${key}|a:1:{s:13:"administrator";b:1;}`
  const users = copy('wp_users', 'ID, user_pass, user_email', `1|${BCRYPT}|a@example.com`)
  for (const [table, key, isAdmin] of [
    ['wp_usermeta', 'wp_capabilities', true],
    ['wp_usermeta', 'wp_2_capabilities', false],
    ['wp_usermeta', 'shop_capabilities', false],
    ['users_meta', 'wp_capabilities', true],
    ['users_meta', 'wp_2_capabilities', false],
  ] as const) {
    const files = [users + copy(table, 'user_id, meta_key, meta_value', meta(key))]
    expect(await usersOf('wordpress', { files })).toMatchObject([{ isAdmin }])
  }
})

test('laravel, nextauth and better-auth: sign-ins at providers in tables of their own', async () => {
  const laravel =
    copy('social_accounts', 'id, user_id, provider, provider_user_id', '1|1|google|117') +
    copy('users', 'id, name, email, email_verified_at, password', `1|Ada|a@example.com|2021-01-01 00:00:00|${BCRYPT}`)
  const nextauth =
    copy('"Account"', 'id, "userId", type, provider, "providerAccountId"', 'x|1|oidc|google|117') +
    copy(
      '"User"',
      'id, name, email, "emailVerified", image, "hashedPassword", "isActive"',
      `1|Ada|a@example.com|2021-01-01 00:00:00|\\N|${BCRYPT}|t`,
    )
  const own =
    copy(
      'accounts',
      'id, account_id, provider_id, user_id, password',
      `x|1|credential|1|${BCRYPT}`,
      'y|117|google|1|\\N',
    ) + copy('users', 'id, name, email, email_verified', '1|Ada|a@example.com|t')
  for (const [system, dump] of Object.entries({ laravel, nextauth, 'better-auth': own })) {
    expect(await usersOf(system, { files: [dump] }), system).toMatchObject([
      {
        oldId: '1',
        name: 'Ada',
        emailVerified: true,
        password: { hash: BCRYPT },
        accounts: [{ providerId: 'google', accountId: '117' }],
      },
    ])
  }
})

test('supabase: only what is in its schema, with bans, factors and identities', async () => {
  const columns =
    'id, email, encrypted_password, email_confirmed_at, banned_until, deleted_at, is_anonymous, raw_user_meta_data, raw_app_meta_data, created_at'
  const dump = [
    copy('auth.identities', 'provider_id, user_id, identity_data, provider', '900|u1|{}|github', 'u1|u1|{}|email'),
    copy('auth.mfa_factors', 'id, user_id, factor_type, status', 'f|u1|totp|verified'),
    copy(
      'auth.users',
      columns,
      `u1|a@example.com|${BCRYPT}|2021-01-01 00:00:00+00|2099-01-01 00:00:00+00|\\N|f|{"full_name": "Ada"}|{}|2021-01-01 00:00:00+00`,
      'u2|hash|||\\N|2021-01-01 00:00:00+00|f|{}|{}|2021-01-01 00:00:00+00',
      'u3|\\N|||2001-01-01 00:00:00+00|\\N|t|{}|{}|2021-01-01 00:00:00+00',
    ),
    copy('public.users', 'id, email, encrypted_password', 'u9|x@example.com|x'),
  ].join('')
  const [ada, gone, guest] = await usersOf('supabase', { files: [dump] })
  expect(ada).toMatchObject({
    name: 'Ada',
    banned: true,
    emailVerified: true,
    accounts: [{ providerId: 'github', accountId: '900' }],
    remarks: ['totp-lost'],
  })
  expect(ada?.banExpires?.getUTCFullYear()).toBe(2099)
  expect(gone).toMatchObject({ skip: 'deleted' })
  expect(guest).toMatchObject({ skip: 'anonymous', banned: false })
})

test('supabase: who confirmed a phone has not confirmed an address', async () => {
  const confirmed = '2021-01-01 00:00:00+00'
  const dump = copy(
    'auth.users',
    'id, email, encrypted_password, email_confirmed_at, phone, confirmed_at',
    `u1|a@example.com|${BCRYPT}|\\N|49123|${confirmed}`,
    `u2|b@example.com|${BCRYPT}|${confirmed}|\\N|${confirmed}`,
  )
  const old = copy(
    'auth.users',
    'id, email, encrypted_password, confirmed_at',
    `u3|c@example.com|${BCRYPT}|${confirmed}`,
  )
  expect(await usersOf('supabase', { files: [dump] })).toMatchObject([
    { emailVerified: false },
    { emailVerified: true },
  ])
  expect(await usersOf('supabase', { files: [old] })).toMatchObject([{ emailVerified: true }])
})
