import type { Row, System, TableHead, TableRole } from '../system.ts'
import { passwordOf } from './password.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

/** auth.users and what belongs to it. Tables of the same names in other schemas are the app's. */
function role(table: TableHead): TableRole | null {
  const has = (...wanted: string[]) => wanted.every((column) => table.columns.includes(column))
  if (table.schema !== null && table.schema !== 'auth') return null
  const isApi = has('id', 'email', 'app_metadata', 'user_metadata')
  if (isApi || has('id', 'email', 'encrypted_password')) return { kind: 'users', id: (row) => keyOf(row.id) }
  if (has('user_id', 'provider', 'identity_data')) return { kind: 'identities', userId: (row) => keyOf(row.user_id) }
  if (has('user_id', 'factor_type', 'status')) return { kind: 'factors', userId: (row) => keyOf(row.user_id) }
  return null
}

const user: System['user'] = (row, { identities = [], factors = [] }, { settings }) => {
  const meta = objectOf(row.raw_user_meta_data ?? row.user_metadata)
  const appMeta = objectOf(row.raw_app_meta_data ?? row.app_metadata)
  const { password, remarks } = passwordOf(row.encrypted_password, 'any', settings)
  const linked = accountsOf([...identities, ...listOf(row.identities)].map(identityOf))
  const bannedUntil = textOf(row.banned_until)?.trim() === 'infinity' ? FOREVER : timeOf(row.banned_until)
  const isBanned = bannedUntil !== null && bannedUntil.getTime() > Date.now()
  const hasFactor = [...factors, ...listOf(row.factors)].some((factor) => factor.status === 'verified')
  return {
    oldId: idOf(row.id) ?? '',
    email: textOf(row.email),
    name: textOf(meta.full_name) ?? textOf(meta.name) ?? textOf(meta.display_name),
    image: textOf(meta.avatar_url) ?? textOf(meta.picture),
    emailVerified: timeOf('email_confirmed_at' in row ? row.email_confirmed_at : row.confirmed_at) !== null,
    createdAt: timeOf(row.created_at),
    isAdmin: truthOf(row.is_super_admin) === true || isAdminRole(appMeta.role) || isAdminRole(appMeta.roles),
    banned: isBanned,
    banExpires: isBanned && bannedUntil !== FOREVER ? bannedUntil : null,
    password,
    accounts: linked.accounts,
    skip: skipOf(row),
    remarks: [
      ...remarks,
      ...linked.remarks,
      ...(textOf(row.phone) === null ? [] : (['phone-lost'] as const)),
      ...(hasFactor ? (['totp-lost'] as const) : []),
      ...(password.kind === 'hash' && isMadeForThem(row) ? (['random-password'] as const) : []),
    ],
  }
}

/** By an administrator, and never here since: such a user has the hash of a password of theirs, or of none that is known. */
const isMadeForThem = (row: Row) =>
  'confirmation_sent_at' in row && [row.last_sign_in_at, row.confirmation_sent_at].every((at) => timeOf(at) === null)

const FOREVER = new Date(8.64e15)

function skipOf(row: Row): 'deleted' | 'anonymous' | null {
  if (timeOf(row.deleted_at) !== null) return 'deleted'
  return truthOf(row.is_anonymous) === true ? 'anonymous' : null
}

/** Until 2023 the provider's id was in `id`. */
function identityOf(row: Row): { provider: unknown; id: unknown } {
  return { provider: row.provider, id: textOf(row.provider_id) ?? textOf(objectOf(row.identity_data).sub) ?? row.id }
}

export const supabase: System = {
  name: 'supabase',
  title: 'Supabase',
  exports: 'pg_dump of the schema auth, or postgres://…; the users of its admin API, which has no passwords',
  takes: [],
  role,
  user,
}
