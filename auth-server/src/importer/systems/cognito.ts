import type { Row, System, TableHead, TableRole } from '../system.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { listOf, textOf, timeOf, truthOf } from './values.ts'

const OLD_ID = 'cognito:username'

/** The CSV of user pools, or what `aws cognito-idp list-users` prints. It gives hashes to nobody. */
function role({ columns }: TableHead): TableRole | null {
  if (columns.includes(OLD_ID)) return { kind: 'users', id: (row) => keyOf(row[OLD_ID]) }
  const isListed = columns.includes('Username') && columns.includes('Attributes')
  return isListed ? { kind: 'users', id: (row) => keyOf(row.Username) } : null
}

const user: System['user'] = (given) => {
  const row = flat(given)
  const linked = accountsOf(listOf(row.identities).map(identityOf))
  const isLost = row.UserStatus === 'EXTERNAL_PROVIDER' && linked.accounts.length === 0
  const names = [textOf(row.given_name), textOf(row.family_name)].filter((name) => name !== null)
  return {
    oldId: idOf(row[OLD_ID]) ?? '',
    email: textOf(row.email),
    name: textOf(row.name) ?? (names.length > 0 ? names.join(' ') : null),
    image: textOf(row.picture),
    emailVerified: truthOf(row.email_verified) === true,
    createdAt: timeOf(row.UserCreateDate),
    isAdmin: false,
    banned: truthOf(row.Enabled) === false,
    banExpires: null,
    password: { kind: 'none' },
    accounts: linked.accounts,
    skip: null,
    remarks: [
      ...(isLost ? (['account-lost'] as const) : linked.remarks),
      ...(textOf(row.phone_number) === null ? [] : (['phone-lost'] as const)),
      ...(truthOf(row['cognito:mfa_enabled']) === true ? (['totp-lost'] as const) : []),
    ],
  }
}

/** An OpenID provider is known by the name that the pool has for it, all others by their kind. */
function identityOf({ providerName, providerType, userId }: Row): { provider: unknown; id: unknown } {
  return { provider: providerType === 'OIDC' ? providerName : providerType, id: userId }
}

function flat(row: Row): Row {
  const attributes = listOf(row.Attributes).map(({ Name, Value }) => [String(Name), Value])
  return attributes.length === 0 ? row : { ...row, [OLD_ID]: row.Username, ...Object.fromEntries(attributes) }
}

export const cognito: System = {
  name: 'cognito',
  title: 'Amazon Cognito',
  exports: 'CSV with the header of a user pool, or the JSON of list-users, whole or in pages',
  takes: [],
  role,
  user,
}
