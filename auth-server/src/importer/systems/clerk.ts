import type { Maker } from '../../passwords/recognise-digest.ts'
import type { Row, SourcePassword, System, TableHead, TableRole } from '../system.ts'
import { keycloakPbkdf2 } from './keycloak-password.ts'
import { passwordOf } from './password.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

function role({ columns }: TableHead): TableRole | null {
  const has = (column: string) => columns.includes(column)
  const isOurs =
    has('id') && ['primary_email_address', 'password_hasher', 'email_addresses', 'emailAddresses'].some(has)
  return isOurs ? { kind: 'users', id: (row) => keyOf(row.id) } : null
}

/** password_hasher names what hashes do not say themselves. */
const MAKERS: Record<string, Maker> = {
  pbkdf2_sha256_django: 'django',
  bcrypt_sha256_django: 'django',
  scrypt_werkzeug: 'werkzeug',
}
/** Those of pbkdf2 have their salts in base64, unlike Django's, which look the same. */
const PBKDF2 = /^pbkdf2_(sha1|sha256|sha512)$/
/** Of these the digest alone is not enough, or nobody but their system can compare. */
const UNKNOWN = new Set([
  'awscognito',
  'scrypt_firebase',
  'bcrypt_peppered',
  'md5_salted',
  'sha256_salted',
  'sha512_symfony',
  'hmac_sha256_utf16_b64',
])

const user: System['user'] = (given, _attached, { settings }) => {
  const row = 'emailAddresses' in given ? inSnakeCase(given) : given
  const hasher = textOf(row.password_hasher) ?? 'bcrypt'
  const read = PBKDF2.test(hasher)
    ? { password: pbkdf2Of(textOf(row.password_digest)), remarks: [] }
    : passwordOf(row.password_digest, MAKERS[hasher] ?? 'any', settings)
  const isUnknown = read.password.kind !== 'none' && UNKNOWN.has(hasher)
  const password: SourcePassword = isUnknown ? { kind: 'refused', reason: 'hash-unknown' } : read.password
  const verified = verifiedOf(row)
  const email = primaryOf(row) ?? verified[0] ?? addressesOf(row)[0] ?? null
  const isLocked = truthOf(row.locked) === true
  const isLockedForAWhile = isLocked && Number(row.lockout_expires_in_seconds ?? 0) > 0
  const external = listOf(row.external_accounts)
  const linked = accountsOf(
    external.map((account) => ({ provider: providerOf(account), id: account.provider_user_id ?? account.external_id })),
  )
  const names = [textOf(row.first_name), textOf(row.last_name)].filter((name) => name !== null)
  const isUnnamed = password.kind === 'none' && linked.accounts.length === 0 && external.length === 0 && email !== null
  return {
    oldId: idOf(row.id) ?? '',
    email,
    name: names.length > 0 ? names.join(' ') : null,
    image: textOf(row.image_url) ?? textOf(row.profile_image_url),
    emailVerified: email !== null && verified.some((address) => address.toLowerCase() === email.toLowerCase()),
    createdAt: timeOf(row.created_at),
    isAdmin: isAdminRole(objectOf(row.public_metadata).role),
    banned: truthOf(row.banned) === true || (isLocked && !isLockedForAWhile),
    banExpires: null,
    password,
    accounts: linked.accounts,
    skip: null,
    remarks: [
      ...(isUnknown ? [] : read.remarks),
      ...linked.remarks,
      ...(isUnnamed ? (['accounts-unknown'] as const) : []),
      ...(verified.length > 1 ? (['addresses-lost'] as const) : []),
      ...(isLockedForAWhile ? (['locked-there'] as const) : []),
      ...(textOf(row.primary_phone_number) === null && listOf(row.phone_numbers).length === 0
        ? []
        : (['phone-lost'] as const)),
      ...(textOf(row.totp_secret) === null && truthOf(row.totp_enabled) !== true ? [] : (['totp-lost'] as const)),
    ],
  }
}

function pbkdf2Of(digest: string | null): SourcePassword {
  if (digest === null) return { kind: 'none' }
  const [, name = '', iterations = '', salt = '', value = ''] =
    /^pbkdf2_(sha1|sha256|sha512)\$(\d+)\$([^$]+)\$([^$]+)$/.exec(digest.trim()) ?? []
  return keycloakPbkdf2(name, iterations, salt, value)
}

/** Of its API, where a user has a list of addresses and the id of one. */
function primaryOf(row: Row): string | null {
  const primary = listOf(row.email_addresses).find((entry) => entry.id === row.primary_email_address_id)
  return textOf(row.primary_email_address) ?? textOf(primary?.email_address)
}

function addressesOf(row: Row): string[] {
  const listed = (textOf(row.unverified_email_addresses) ?? '').split('|').map((address) => address.trim())
  const objects = listOf(row.email_addresses).map((entry) => textOf(entry.email_address) ?? '')
  return [...listed, ...objects].filter((address) => address !== '')
}

/** As the SDK for JavaScript has it: `emailAddresses`, and the same in each of them. */
function inSnakeCase(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    const list = Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null)
    return [name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`), list ? value.map(inSnakeCase) : value]
  })
  return Object.fromEntries(entries)
}

function verifiedOf(row: Row): string[] {
  const listed = (textOf(row.verified_email_addresses) ?? '').split('|').map((address) => address.trim())
  const objects = listOf(row.email_addresses).filter((entry) => objectOf(entry.verification).status === 'verified')
  return [...listed, ...objects.map((entry) => textOf(entry.email_address) ?? '')].filter((address) => address !== '')
}

const providerOf = (account: Row) => textOf(account.provider)?.replace(/^oauth_/, '')

export const clerk: System = {
  name: 'clerk',
  title: 'Clerk',
  exports: 'the CSV that its dashboard exports, or the JSON of its API, which has no passwords',
  takes: [],
  role,
  user,
}
