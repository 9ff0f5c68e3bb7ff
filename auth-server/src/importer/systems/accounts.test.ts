import { expect, test } from 'vitest'
import { copy, usersOf } from '../../../test/export.ts'
import { OLD_HASHES } from '../../../test/old-hashes.ts'

const BCRYPT = OLD_HASHES.find(([format]) => format === 'bcrypt')?.[1] ?? ''

test('`google_id` is a sign-in where the system has it, or a mapping says so; elsewhere users may have written it', async () => {
  const columns = 'id, email, password, google_id, githubId'
  const dump = copy('users', columns, `1|a@example.com|${BCRYPT}|117|\\N`, `2|b@example.com|${BCRYPT}|\\N|900`)
  const google = { accounts: [{ providerId: 'google', accountId: '117' }] }
  const github = { accounts: [{ providerId: 'github', accountId: '900' }] }
  expect(await usersOf('laravel', { files: [dump] })).toMatchObject([google, github])
  expect(await usersOf('flask-werkzeug', { files: [dump] })).toMatchObject([{ accounts: [] }, { accounts: [] }])
  const mapping = JSON.stringify({ provider: { value: 'google' }, providerUser: 'google_id' })
  expect((await usersOf('csv', { files: [dump], settings: { mapping } }))[0]).toMatchObject(google)
})

test.each([
  ['mails', 'user_id, provider, subject'],
  ['calendars', 'user_id, provider, external_id'],
  ['subscriptions', 'user_id, provider, uid'],
  ['authors', 'user_id, provider, sub'],
  ['mail_accounts', 'user_id, provider, account_id'],
  ['login_events', 'user_id, provider, uid'],
])('%s of users are no sign-ins', async (table, columns) => {
  const dump = copy('users', 'id, email, password', `1|a@example.com|${BCRYPT}`) + copy(table, columns, '1|google|117')
  expect(await usersOf('laravel', { files: [dump] })).toMatchObject([{ accounts: [], remarks: [] }])
})

test.each([
  ['identities', 'user_id, provider, uid'],
  ['authentications', 'user_id, provider, uid'],
  ['user_authorizations', 'user_id, provider, sub'],
  ['"SocialLogin"', '"userId", provider, subject'],
  ['oauth', 'user_id, oauth_name, account_id'],
  ['connections', 'user_id, provider, provider_user_id'],
  ['accounts', 'user_id, provider_id, provider_account_id'],
])('%s (%s) are', async (table, columns) => {
  const dump = copy('users', 'id, email, password', `1|a@example.com|${BCRYPT}`) + copy(table, columns, '1|google|117')
  expect(await usersOf('laravel', { files: [dump] })).toMatchObject([
    { accounts: [{ providerId: 'google', accountId: '117' }] },
  ])
})

test('`provider_type` is no provider where `provider_id` is one', async () => {
  const columns = 'compound_id, user_id, provider_type, provider_id, provider_account_id'
  const dump =
    copy('users', 'id, email, email_verified', '1|a@example.com|') + copy('accounts', columns, 'x|1|oauth|google|117')
  expect(await usersOf('nextauth', { files: [dump] })).toMatchObject([
    { accounts: [{ providerId: 'google', accountId: '117' }] },
  ])
})

test('a sign-in at the old system itself is none at a provider', async () => {
  const columns = 'id, email, password, provider, provider_id'
  const dump = copy('users', columns, `1|a@example.com|${BCRYPT}|local|1`, `2|b@example.com|${BCRYPT}|LOCAL|\\N`)
  expect(await usersOf('csv', { files: [dump] })).toMatchObject([
    { accounts: [], remarks: [] },
    { accounts: [], remarks: [] },
  ])
})

test('rows find each other by a UUID in capitals, and the id stays as it is', async () => {
  const uuid = '93a9bb6d-23be-4d0b-b344-f83fb89541f5'
  const [small, large] = [`${uuid}|a@example.com|${BCRYPT}`, `${uuid.toUpperCase()}|a@example.com|${BCRYPT}`]
  for (const [user, owner] of [
    [small, uuid.toUpperCase()],
    [large, uuid],
  ] as const) {
    const dump =
      copy('users', 'id, email, password', user) + copy('identities', 'user_id, provider, uid', `${owner}|google|1`)
    expect(await usersOf('laravel', { files: [dump] })).toMatchObject([
      { oldId: user.slice(0, uuid.length), accounts: [{ accountId: '1' }] },
    ])
  }
})
