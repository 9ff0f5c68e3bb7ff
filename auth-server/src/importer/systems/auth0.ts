import type { Row, System, TableHead, TableRole } from '../system.ts'
import { passwordOf } from './password.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

/** The export of users has no hashes: those come from Auth0's support, in a file of its own. */
function role({ columns }: TableHead): TableRole | null {
  const has = (column: string) => columns.includes(column)
  if (has('_id') && (has('passwordHash') || has('custom_password_hash') || has('connection'))) {
    return { kind: 'passwords', userId: (row) => keyOf(ownerOf(row)) }
  }
  if (has('Id') && has('Email')) return { kind: 'users', id: (row) => keyOf(row.Id) }
  return has('user_id') && (has('identities') || has('email'))
    ? { kind: 'users', id: (row) => keyOf(row.user_id) }
    : null
}

function ownerOf(row: Row): string | null {
  const id = textOf(row._id)
  if (id === null) return null
  return id.includes('|') ? id : `auth0|${id}`
}

const user: System['user'] = (given, { passwords = [] }, { settings }) => {
  const row = 'user_id' in given ? given : named(given)
  const newest = passwords.toSorted((one, other) => setAt(other) - setAt(one))[0]
  const { password, remarks } = passwordOf(newest?.passwordHash, 'any', settings)
  const identities = 'identities' in row ? listOf(row.identities) : [firstIdentity(textOf(row.user_id) ?? '')]
  const linked = accountsOf(identities.map((identity) => ({ provider: identity.provider, id: identity.user_id })))
  const email = textOf(row.email)
  const name = textOf(row.name)
  const meta = objectOf(row.app_metadata)
  return {
    oldId: idOf(row.user_id) ?? '',
    email,
    // Auth0 puts the address there if it knows no name.
    name: name === email ? null : name,
    image: textOf(row.picture),
    emailVerified: truthOf(row.email_verified) === true,
    createdAt: timeOf(row.created_at),
    isAdmin: isAdminRole(meta.role) || isAdminRole(meta.roles),
    banned: truthOf(row.blocked) === true,
    banExpires: null,
    password,
    accounts: linked.accounts,
    skip: null,
    remarks: [
      ...remarks,
      ...linked.remarks,
      ...(textOf(row.phone_number) === null ? [] : (['phone-lost'] as const)),
      ...(Array.isArray(row.multifactor) && row.multifactor.length > 0 ? (['totp-lost'] as const) : []),
    ],
  }
}

/** Of its CSV: `Email Verified` is email_verified. */
function named(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [name.toLowerCase().replaceAll(' ', '_'), value] as const)
  return { ...Object.fromEntries(entries), user_id: row.Id }
}

/** The id of a user begins with their first sign-in: google-oauth2|117. */
function firstIdentity(id: string): Row {
  const [, provider, own] = /^([^|]+)\|(.+)$/.exec(id) ?? []
  return { provider, user_id: own }
}

const setAt = (row: Row) => timeOf(row.password_set_date)?.getTime() ?? 0

export const auth0: System = {
  name: 'auth0',
  title: 'Auth0',
  exports: 'the NDJSON, or CSV, of a bulk user export; with --passwords the one of the password export',
  takes: ['passwords'],
  role,
  user,
}
