import { pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemOf, usersOf } from '../../../test/export.ts'
import { LEGACY_KEYS, OLD_HASHES, OLD_PASSWORD } from '../../../test/old-hashes.ts'
import { readStored } from '../../passwords/forms.ts'

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''
const lines = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

test('auth0: hashes are in a file of their own, and identities at providers are accounts', async () => {
  const users = lines(
    {
      user_id: 'auth0|1',
      email: 'a@example.com',
      email_verified: true,
      name: 'a@example.com',
      blocked: true,
      identities: [{ provider: 'auth0', user_id: '1' }],
    },
    {
      user_id: 'google-oauth2|117',
      email: 'b@example.com',
      email_verified: true,
      name: 'Bo',
      identities: [
        { provider: 'google-oauth2', user_id: 117 },
        { provider: 'samlp', user_id: 'x' },
      ],
    },
  )
  const passwords = lines({ _id: { $oid: '1' }, email: 'a@example.com', passwordHash: BCRYPT, connection: 'x' })
  const [ada, bo] = await usersOf('auth0', { files: [users, passwords] })
  expect(ada).toMatchObject({ oldId: 'auth0|1', name: null, banned: true, password: { hash: BCRYPT }, accounts: [] })
  expect(bo).toMatchObject({
    password: { kind: 'none' },
    accounts: [{ providerId: 'google', accountId: '117' }],
    remarks: ['account-lost'],
  })
})

test('clerk: the hasher says whose hash it is, and who is verified stands in a list', async () => {
  const csv = `id,first_name,last_name,primary_email_address,verified_email_addresses,totp_secret,password_digest,password_hasher
user_1,Ada,Plain,a@example.com,a@example.com|more@example.com,ABC,${BCRYPT},bcrypt
user_2,,,b@example.com,,,,
user_3,Cy,,c@example.com,,,secret,awscognito
`
  const [ada, bo, cy] = await usersOf('clerk', { files: [csv] })
  expect(ada).toMatchObject({
    name: 'Ada Plain',
    emailVerified: true,
    password: { hash: BCRYPT },
    remarks: ['addresses-lost', 'totp-lost'],
  })
  expect(bo).toMatchObject({
    name: null,
    emailVerified: false,
    password: { kind: 'none' },
    remarks: ['accounts-unknown'],
  })
  expect(cy).toMatchObject({ password: { kind: 'refused', reason: 'hash-unknown' } })
})

test('clerk: pbkdf2 of its own has a salt in base64, and Django’s has text', async () => {
  const salt = Buffer.from('salt of bytes')
  const key = (from: Buffer | string) => pbkdf2Sync(OLD_PASSWORD, from, 1000, 32, 'sha256').toString('base64')
  const digest = (from: Buffer | string) => `pbkdf2_sha256$1000$${salt.toString('base64')}$${key(from)}`
  const csv = `id,primary_email_address,password_digest,password_hasher
user_1,a@example.com,${digest(salt)},pbkdf2_sha256
user_2,b@example.com,${digest(salt.toString('base64'))},pbkdf2_sha256_django
user_3,c@example.com,pbkdf2_sha256$1000$no base64$${key('x')},pbkdf2_sha256
user_4,d@example.com,,pbkdf2_sha256
user_5,e@example.com,hunter2,pbkdf2_sha256
`
  const users = await usersOf('clerk', { files: [csv] })
  for (const { password } of users.slice(0, 2)) {
    const read = password.kind === 'hash' ? readStored(password.hash, new Map()) : password.kind
    await expect(typeof read === 'string' ? read : read.verify(OLD_PASSWORD)).resolves.toBe(true)
  }
  expect(users.slice(2).map(({ password }) => password)).toEqual([
    { kind: 'refused', reason: 'hash-limits' },
    { kind: 'none' },
    { kind: 'refused', reason: 'hash-unknown' },
  ])
})

test('cognito: the user name is the id, and there are no hashes', async () => {
  const csv =
    'name,email,email_verified,phone_number,cognito:mfa_enabled,cognito:username\nAda,a@example.com,TRUE,+49,TRUE,u-1\n'
  const json = JSON.stringify(
    {
      Users: [
        {
          Username: 'u-1',
          Attributes: [
            { Name: 'name', Value: 'Ada' },
            { Name: 'email', Value: 'a@example.com' },
            { Name: 'email_verified', Value: 'true' },
          ],
          Enabled: false,
        },
      ],
    },
    null,
    2,
  )
  expect(await usersOf('cognito', { files: [csv] })).toMatchObject([
    {
      oldId: 'u-1',
      name: 'Ada',
      emailVerified: true,
      password: { kind: 'none' },
      remarks: ['phone-lost', 'totp-lost'],
    },
  ])
  expect(await usersOf('cognito', { files: [json] })).toMatchObject([
    { oldId: 'u-1', name: 'Ada', emailVerified: true, banned: true },
  ])
})

const SIGNER_KEY = LEGACY_KEYS.LEGACY_KEY_3
const CONSOLE = `hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: ${SIGNER_KEY},\n  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 10,\n}\n`

test('firebase: hashes are written without the signer key', async () => {
  const stored = OLD_HASHES.find(([, one]) => one.startsWith('old:firebase:3:'))?.[1] ?? ''
  const [salt, passwordHash] = stored.split(':').slice(-2)
  const users = [
    {
      localId: 'a',
      email: 'a@example.com',
      emailVerified: true,
      passwordHash,
      salt,
      createdAt: '1614834367000',
      customAttributes: '{"admin":true}',
      providerUserInfo: [
        { providerId: 'google.com', rawId: '117' },
        { providerId: 'password', rawId: 'a@example.com' },
      ],
    },
    { localId: 'b', createdAt: '1614834367000', providerUserInfo: [] },
    { localId: 'c', phoneNumber: '+49', disabled: true, providerUserInfo: [{ providerId: 'phone' }] },
  ]
  const asJson = JSON.stringify({
    algorithm: 'SCRYPT',
    base64_signer_key: SIGNER_KEY,
    base64_salt_separator: 'Bw==',
    rounds: 8,
    mem_cost: 10,
  })
  for (const hashConfig of [CONSOLE, asJson]) {
    const settings = { hashConfig, legacyKey: { number: '3', value: SIGNER_KEY } }
    const [ada, guest, cy] = await usersOf('firebase', { files: [JSON.stringify({ users }, null, 2)], settings })
    expect(ada).toMatchObject({
      isAdmin: true,
      password: { kind: 'hash', hash: stored },
      accounts: [{ providerId: 'google', accountId: '117' }],
    })
    expect(guest).toMatchObject({ skip: 'anonymous' })
    expect(cy).toMatchObject({ skip: null, email: null, banned: true, remarks: ['phone-lost'] })
  }
})

test.each([
  ['no hash parameters', undefined, SIGNER_KEY, '--hash-config FILE'],
  ['hash parameters that are cut', CONSOLE.slice(0, 60), SIGNER_KEY, 'are not all in it'],
  ['another algorithm', CONSOLE.replace('SCRYPT', 'BCRYPT'), SIGNER_KEY, 'its algorithm is BCRYPT'],
  ['no key', CONSOLE, undefined, 'put base64_signer_key into LEGACY_KEY_1'],
  ['another key', CONSOLE, 'AAAA', 'LEGACY_KEY_1 is not the base64_signer_key'],
])('firebase: %s stops before anything is read, and no key is shown', (_what, hashConfig, value, problem) => {
  const legacyKey = value === undefined ? undefined : { number: '1', value }
  const problems =
    systemOf('firebase').problems?.({ table: undefined, mapping: undefined, hashConfig, legacyKey }) ?? []
  expect(problems.join()).toContain(problem)
  expect(problems.join()).not.toContain(SIGNER_KEY.slice(0, 10))
})

test('flask-security without its salt stops before anything is read', () => {
  const problems = systemOf('flask-security').problems?.({
    table: undefined,
    mapping: undefined,
    hashConfig: undefined,
    legacyKey: undefined,
  })
  expect(problems?.join()).toContain('SECURITY_PASSWORD_SALT into LEGACY_KEY_1')
})

test('keycloak: both kinds of hashes, and what other systems check', async () => {
  const password = (secret: object, data: object) => ({
    type: 'password',
    secretData: JSON.stringify(secret),
    credentialData: JSON.stringify(data),
  })
  const pbkdf2 = password(
    {
      value: 'LQ6JDPal70QdsIdjNUFDQbmO+u5N4DBgdizIODKBbb5ZGgn64NXk6VQyG3jsx0/Oj85oI5iNsWb7ZLZRJZ99WA==',
      salt: 'c29tZXNhbHQ=',
    },
    { hashIterations: 1000, algorithm: 'pbkdf2-sha512' },
  )
  const argon2 = password(
    { value: 'g1h0k8OdJTYOCdGUEtDS5l7QbKhc0Peyh9gGuNCw3eg=', salt: 'zOWuO6MSAYFy9zGlnV7g3Q==' },
    {
      hashIterations: 1,
      algorithm: 'argon2',
      additionalParameters: { memory: ['64'], parallelism: ['2'], type: ['id'], version: ['1.3'] },
    },
  )
  const own = password({ value: 'AAAA', salt: 'AAAA' }, { hashIterations: 1, algorithm: 'whirlpool' })
  const base = { emailVerified: true, enabled: true, createdTimestamp: 1614834367000 }
  const users = [
    {
      ...base,
      id: 'a',
      username: 'ada',
      firstName: 'Ada',
      email: 'a@example.com',
      credentials: [pbkdf2, { type: 'otp' }],
      realmRoles: ['admin'],
    },
    {
      ...base,
      id: 'b',
      username: 'bo',
      email: 'b@example.com',
      credentials: [argon2],
      federatedIdentities: [{ identityProvider: 'google', userId: '117' }],
      enabled: false,
    },
    { ...base, id: 'c', username: 'cy', email: 'c@example.com', credentials: [own] },
    { ...base, id: 'd', username: 'di', email: 'd@example.com', federationLink: 'ldap', credentials: [] },
    { ...base, id: 'e', username: 'service-account-x', serviceAccountClientId: 'x' },
  ]
  const realm = JSON.stringify({ realm: 'shop', users, clients: [{ id: 'z', username: 'none' }] }, null, 1)
  expect(await usersOf('keycloak', { files: [realm] })).toMatchObject([
    {
      name: 'Ada',
      isAdmin: true,
      password: { hash: OLD_HASHES.find(([, one]) => one.startsWith('old:keycloak:sha512'))?.[1] },
      remarks: ['totp-lost'],
    },
    { banned: true, password: { hash: OLD_HASHES[0]?.[1] }, accounts: [{ providerId: 'google', accountId: '117' }] },
    { password: { kind: 'refused', reason: 'hash-unknown' } },
    { password: { kind: 'refused', reason: 'hash-foreign' } },
    { skip: 'not-a-person' },
  ])
})
