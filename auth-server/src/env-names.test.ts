import { expect, test } from 'vitest'
import { readContract } from '../test/contract.ts'
import { columnIn, isDefault, tableIn } from './database/naming/names.ts'
import { namesOf } from './env-names.ts'

test('without settings everything has the name that the code has for it', () => {
  const { value, errors } = namesOf({})
  expect(errors).toEqual([])
  expect(isDefault(value)).toBe(true)
})

test.each([
  ['plural', 'user', 'users'],
  ['plural', 'mailOutbox', 'mailOutboxes'],
  ['auth_*', 'user', 'auth_user'],
  ['snake_case', 'rateLimit', 'rate_limit'],
  ['auth_*, plural, snake_case', 'twoFactor', 'auth_two_factors'],
  ['plural, user=Person', 'user', 'Person'],
  ['plural, user=Person', 'session', 'sessions'],
])('AUTH_TABLE_NAMES=%s calls %s %s', (setting, table, name) => {
  const { value, errors } = namesOf({ AUTH_TABLE_NAMES: setting })
  expect(errors).toEqual([])
  expect(tableIn(value, table)).toBe(name)
})

test.each([
  ['snake_case', 'user', 'emailVerified', 'email_verified'],
  ['snake_case', 'passkey', 'credentialID', 'credential_id'],
  ['snake_case, user.name=full_name', 'user', 'name', 'full_name'],
  ['user.email=email_address', 'user', 'email', 'email_address'],
  ['user.email=email_address', 'user', 'name', 'name'],
])('AUTH_COLUMN_NAMES=%s calls %s.%s %s', (setting, table, column, name) => {
  const { value, errors } = namesOf({ AUTH_COLUMN_NAMES: setting })
  expect(errors).toEqual([])
  expect(columnIn(value, table, column)).toBe(name)
})

test('an added column of the user is renamed like the others', () => {
  const { value } = namesOf({ AUTH_COLUMN_NAMES: 'snake_case' }, [{ name: 'githubUsername' }])
  expect(columnIn(value, 'user', 'githubUsername')).toBe('github_username')
})

test.each([
  ['pascal', 'AUTH_TABLE_NAMES has "pascal": write plural, snake_case, a prefix as in auth_*, or table=name'],
  ['users=people', 'AUTH_TABLE_NAMES has "users", which is none of user, session'],
  ['user=my users', 'AUTH_TABLE_NAMES has "my users" as a name: letters, digits and _ only'],
  ['user="x"; DROP TABLE y', 'AUTH_TABLE_NAMES has "\\"x\\"; DROP TABLE y" as a name'],
  [`user=${'x'.repeat(64)}`, 'at most 63'],
  ['user=account', 'AUTH_TABLE_NAMES has "account" for user, which is the name of the table account'],
  ['user=account, account=user', 'AUTH_TABLE_NAMES has "account" for user, which is the name of the table account'],
  ['user=people, session=login, user=persons', 'AUTH_TABLE_NAMES has two names for "user"'],
  ['constructor=people', 'AUTH_TABLE_NAMES has "constructor", which is none of user, session'],
  ['user=__proto__', 'AUTH_TABLE_NAMES has "__proto__" for user, which is reserved'],
  ['user=auth_migration', 'AUTH_TABLE_NAMES may not use the name auth_migration'],
])('AUTH_TABLE_NAMES=%s is refused', (setting, error) => {
  expect(namesOf({ AUTH_TABLE_NAMES: setting }).errors.join('\n')).toContain(error)
})

test.each([
  ['camel', 'AUTH_COLUMN_NAMES has "camel": write snake_case, or table.column=name'],
  ['email=mail', 'AUTH_COLUMN_NAMES has "email", which is no table.column of this server'],
  ['user.id=uid', 'AUTH_COLUMN_NAMES has "user.id", which cannot be renamed'],
  ['user.email=name', 'AUTH_COLUMN_NAMES has "name" for email, which is the name of the column of user name'],
  ['user.email=id', 'AUTH_COLUMN_NAMES has "id" for email'],
  [
    'user.email=identifier',
    'AUTH_COLUMN_NAMES has "identifier" for user.email, which is what this server calls something else',
  ],
  [
    'user.email=login, session.token=login',
    'AUTH_COLUMN_NAMES has "login" for session.token, which is the name of user.email',
  ],
  [
    'snake_case, user.email=user_id',
    'AUTH_COLUMN_NAMES has "user_id" for session.userId, which is the name of user.email',
  ],
  ['user.email=login, user.email=mail', 'AUTH_COLUMN_NAMES has two names for "user.email"'],
  ['user.email=ctid', 'AUTH_COLUMN_NAMES has "ctid" for user.email, which PostgreSQL has in every table'],
  ['user.email=valueOf', 'AUTH_COLUMN_NAMES has "valueOf" for email, which is reserved'],
  ['user.email=1st', 'AUTH_COLUMN_NAMES has "1st" as a name'],
])('AUTH_COLUMN_NAMES=%s is refused', (setting, error) => {
  expect(namesOf({ AUTH_COLUMN_NAMES: setting }).errors.join('\n')).toContain(error)
})

const contract = readContract<{ user: { setting: string; name: string }[]; refused: string[] }>('names')

test('the same column of several tables may have the same name', () => {
  const { errors } = namesOf({ AUTH_COLUMN_NAMES: 'session.userId=owner, account.userId=owner, passkey.userId=owner' })
  expect(errors).toEqual([])
})

test.each(contract.user)('AUTH_TABLE_NAMES=$setting calls the users $name, here and in the backend', (one) => {
  expect(tableIn(namesOf({ AUTH_TABLE_NAMES: one.setting }).value, 'user')).toBe(one.name)
})

test.each(contract.refused)('AUTH_TABLE_NAMES=%s is refused, here and in the backend', (setting) => {
  expect(namesOf({ AUTH_TABLE_NAMES: setting }).errors).not.toEqual([])
})
