import type { Row, SourceUser, TableHead, TableRole } from '../system.ts'
import { plain } from './fields.ts'
import { keyOf, tableSystem } from './table-system.ts'
import { happened, textOf, truthOf } from './values.ts'

/** django-allauth keeps which addresses are verified, and second factors; django-otp and social-auth have tables too. */
function attached({ columns }: TableHead): TableRole | null {
  const names = new Set(columns.map(plain))
  const has = (...wanted: string[]) => wanted.every((name) => names.has(name))
  const owner =
    columns.find((column) => plain(column) === 'userid') ?? columns.find((column) => plain(column) === 'user')
  if (owner === undefined) return null
  const userId = (row: Row) => keyOf(row[owner])
  if (has('email', 'verified', 'primary')) return { kind: 'addresses', userId }
  if (has('type', 'data') || has('key', 'confirmed', 'digits') || has('key', 'name', 'confirmed'))
    return { kind: 'factors', userId }
  return null
}

function refine(
  user: SourceUser,
  _row: Row,
  { addresses = [], factors = [] }: Readonly<Record<string, readonly Row[]>>,
): SourceUser {
  const email = user.email?.trim().toLowerCase()
  const own = addresses.find((row) => textOf(row.email)?.trim().toLowerCase() === email)
  const others = addresses.filter((row) => row !== own && happened(row.verified))
  const hasFactor = factors.some((row) => row.type !== 'recovery_codes' && truthOf(row.confirmed) !== false)
  return {
    ...user,
    emailVerified: own === undefined ? user.emailVerified : happened(own.verified),
    remarks: [
      ...user.remarks,
      ...(others.length > 0 ? (['addresses-lost'] as const) : []),
      ...(hasFactor ? (['totp-lost'] as const) : []),
    ],
  }
}

export const django = tableSystem({
  name: 'django',
  title: 'Django',
  exports: 'pg_dump, manage.py dumpdata, or postgres://…',
  maker: 'django',
  marks: ['lastlogin', 'password'],
  preferred: { password: ['password'], admin: ['issuperuser'], createdAt: ['datejoined'] },
  attached,
  refine,
})
