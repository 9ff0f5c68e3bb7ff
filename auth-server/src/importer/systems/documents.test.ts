import { expect, test } from 'vitest'
import { usersOf } from '../../../test/export.ts'
import { OLD_HASHES } from '../../../test/old-hashes.ts'

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''
const GOOGLE = { accounts: [{ providerId: 'google', accountId: '117' }] }

/** As Clerk's API writes them, and its SDK for JavaScript. */
const CLERK = {
  id: 'user_1',
  primary_email_address_id: 'b',
  email_addresses: [
    { id: 'a', email_address: 'old@example.com', verification: { status: 'verified' } },
    { id: 'b', email_address: 'now@example.com', verification: { status: 'unverified' } },
  ],
  phone_numbers: [{ phone_number: '+49' }],
  external_accounts: [{ provider: 'oauth_google', provider_user_id: '117' }],
}
const CLERK_SDK = {
  id: 'user_1',
  primaryEmailAddressId: 'b',
  emailAddresses: [{ id: 'b', emailAddress: 'now@example.com', verification: { status: 'verified' } }],
  externalAccounts: [{ provider: 'oauth_google', externalId: '117' }],
}

test('clerk: the primary address of its API is named by an id, and may not be verified', async () => {
  const [user] = await usersOf('clerk', { files: [JSON.stringify([CLERK])] })
  expect(user).toMatchObject({ email: 'now@example.com', emailVerified: false, remarks: ['phone-lost'], ...GOOGLE })
  const [other] = await usersOf('clerk', { files: [JSON.stringify({ data: [CLERK_SDK], totalCount: 1 })] })
  expect(other).toMatchObject({ email: 'now@example.com', emailVerified: true, ...GOOGLE })
})

test('clerk: a lock that ends is no ban', async () => {
  const locks = [{ lockout_expires_in_seconds: 60 }, { lockout_expires_in_seconds: null }]
  const users = locks.map((lock, at) => ({ ...CLERK, id: `user_${at}`, locked: true, ...lock }))
  expect(await usersOf('clerk', { files: [JSON.stringify(users)] })).toMatchObject([
    { banned: false, remarks: ['locked-there', 'phone-lost'] },
    { banned: true },
  ])
})

test('cognito: sign-ins at providers are in an attribute', async () => {
  const user = (id: string, ...identities: object[]) => ({
    Username: id,
    UserStatus: 'EXTERNAL_PROVIDER',
    Attributes: [
      { Name: 'email', Value: `${id}@example.com` },
      ...(identities.length > 0 ? [{ Name: 'identities', Value: JSON.stringify(identities) }] : []),
    ],
  })
  const page = {
    Users: [
      user('a', { userId: '117', providerName: 'Google', providerType: 'Google' }),
      user('b', { userId: '5', providerName: 'okta', providerType: 'OIDC' }),
      user('c', { userId: '6', providerName: 'school', providerType: 'SAML' }),
      user('d'),
    ],
  }
  expect(await usersOf('cognito', { files: [JSON.stringify(page)] })).toMatchObject([
    { ...GOOGLE, remarks: [] },
    { accounts: [{ providerId: 'okta', accountId: '5' }], remarks: [] },
    { accounts: [], remarks: ['account-lost'] },
    { accounts: [], remarks: ['account-lost'] },
  ])
})

test('fastapi-users: what Beanie keeps in MongoDB has its accounts in it', async () => {
  const user = {
    email: 'a@example.com',
    hashed_password: BCRYPT,
    is_active: true,
    is_superuser: false,
    is_verified: true,
  }
  const account = { oauth_name: 'google', account_id: '117', account_email: 'a@example.com' }
  const rows = [
    { _id: { $oid: '65a1b2c3d4e5f60718293a4b' }, ...user, oauth_accounts: [account] },
    { _id: { $oid: '65a1b2c3d4e5f60718293a4c' }, ...user, oauth_accounts: [] },
  ]
  expect(await usersOf('fastapi-users', { files: [rows.map((row) => JSON.stringify(row)).join('\n')] })).toMatchObject([
    { oldId: '65a1b2c3d4e5f60718293a4b', password: { kind: 'none' }, remarks: ['random-password'], ...GOOGLE },
    { oldId: '65a1b2c3d4e5f60718293a4c', password: { kind: 'hash' }, accounts: [] },
  ])
})

test('auth0: its CSV has no identities, and the id begins with the first of them', async () => {
  const csv = 'user_id,email,email_verified\ngoogle-oauth2|117,a@example.com,true\nauth0|x,b@example.com,false\n'
  const extension = '"Id","Name","Email","Email Verified"\n"google-oauth2|117","Ada","a@example.com","true"\n'
  expect(await usersOf('auth0', { files: [csv] })).toMatchObject([
    { oldId: 'google-oauth2|117', emailVerified: true, ...GOOGLE },
    { oldId: 'auth0|x', emailVerified: false, accounts: [] },
  ])
  expect(await usersOf('auth0', { files: [extension] })).toMatchObject([
    { oldId: 'google-oauth2|117', name: 'Ada', emailVerified: true, ...GOOGLE },
  ])
})

test('supabase: what its admin API lists is like the tables, without hashes', async () => {
  const user = {
    ...{ id: 'u', email: 'a@example.com', email_confirmed_at: '2024-01-01T00:00:00Z' },
    ...{ app_metadata: { role: 'admin' }, user_metadata: { full_name: 'Ada' } },
    identities: [{ identity_id: 'i', id: '117', identity_data: {}, provider: 'google' }],
    factors: [{ status: 'verified' }],
  }
  expect(await usersOf('supabase', { files: [JSON.stringify({ users: [user], aud: 'authenticated' })] })).toMatchObject(
    [{ name: 'Ada', emailVerified: true, isAdmin: true, remarks: ['totp-lost'], ...GOOGLE }],
  )
})

const FIREBASE = {
  hashConfig: 'base64_signer_key: "MTIzNDU2Nzg=", base64_salt_separator: "Bw==", rounds: 8, mem_cost: 14',
  legacyKey: { number: '1', value: 'MTIzNDU2Nzg=' },
}
const firebase = async (content: string) => usersOf('firebase', { files: [content], settings: FIREBASE })

test('firebase: its CSV has no line of names', async () => {
  const row = (id: string, google: string, ...newer: string[]) =>
    [id, `${id}@example.com`, 'true', '', '', 'Ada', '', google, ...Array(15).fill(''), '1706933106000', '1', '+49']
      .concat(newer, '')
      .join(',')
  expect(await firebase(`${row('a', '117', 'true', '"{""admin"":true}"')}\n${row('b', '', '', '')}\n`)).toMatchObject([
    { oldId: 'a', email: 'a@example.com', name: 'Ada', emailVerified: true, banned: true, isAdmin: true, ...GOOGLE },
    { oldId: 'b', banned: false, isAdmin: false, accounts: [], remarks: ['phone-lost'] },
  ])
  expect((await firebase(`${row('a', '')}\n`))[0]?.createdAt?.toISOString()).toBe('2024-02-03T04:05:06.000Z')
})

test('firebase: the Admin SDK has other names, and base64 for URLs', async () => {
  const user = {
    ...{
      uid: 'a',
      email: 'a@example.com',
      disabled: true,
      customClaims: { admin: true },
      photoURL: 'https://x.example/a',
    },
    ...{ passwordHash: '-_-_-_-_-_8=', passwordSalt: 'AA==' },
    providerData: [
      { uid: '117', providerId: 'google.com' },
      { uid: 'a@example.com', providerId: 'password' },
    ],
  }
  expect(await firebase(JSON.stringify([user]))).toMatchObject([
    {
      ...{ oldId: 'a', banned: true, isAdmin: true, image: 'https://x.example/a', ...GOOGLE },
      password: { kind: 'hash', hash: 'old:firebase:1:14:8:Bw==:AA==:+/+/+/+/+/8=' },
    },
  ])
})
