import { readStored } from '../../passwords/forms.ts'
import type { Row, Settings, SourcePassword, System, TableHead, TableRole } from '../system.ts'
import { firebaseProblems, readFirebaseConfig } from './firebase-config.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

function role({ columns }: TableHead): TableRole | null {
  if (columns.includes('localId')) return { kind: 'users', id: (row) => keyOf(row.localId) }
  const isOfSdk = columns.includes('uid') && columns.includes('providerData')
  return isOfSdk ? { kind: 'users', id: (row) => keyOf(row.uid) } : null
}

/** Of `auth:export --format=csv`, which has no names: four columns for each provider. */
const PROVIDERS = ['google.com', 'facebook.com', 'twitter.com', 'github.com']
const HEADER = [
  ...['localId', 'email', 'emailVerified', 'passwordHash', 'salt', 'displayName', 'photoUrl'],
  ...PROVIDERS.flatMap((name) => [name, `${name} email`, `${name} name`, `${name} photo`]),
  ...['createdAt', 'lastLoginAt', 'phoneNumber'],
]

/** What `listUsers` of the Admin SDK calls otherwise. */
function ofSdk(row: Row): Row {
  const providers = listOf(row.providerData).map(({ providerId, uid }) => ({ providerId, rawId: uid }))
  return {
    ...row,
    ...{ localId: row.uid, salt: row.passwordSalt, photoUrl: row.photoURL, customAttributes: row.customClaims },
    ...{ createdAt: objectOf(row.metadata).creationTime, providerUserInfo: providers },
    mfaInfo: objectOf(row.multiFactor).enrolledFactors,
  }
}

/** The columns behind the phone number are newer than the form: `disabled`, and claims. */
function ofCsv(row: Row): Row {
  const infos = PROVIDERS.map((providerId) => ({ providerId, rawId: row[providerId] }))
  return {
    ...row,
    ...{ disabled: row[`column ${HEADER.length + 1}`], customAttributes: row[`column ${HEADER.length + 2}`] },
    providerUserInfo: infos.filter(({ rawId }) => textOf(rawId) !== null),
  }
}

function formed(row: Row): Row {
  if ('uid' in row) return ofSdk(row)
  return 'google.com' in row ? ofCsv(row) : row
}

const user: System['user'] = (given, _attached, { settings }) => {
  const row = formed(given)
  const providers = listOf(row.providerUserInfo)
  const linked = accountsOf(
    providers.map((info) => ({ provider: info.providerId, id: info.rawId ?? info.federatedId })),
  )
  const claims = objectOf(row.customAttributes)
  const email = textOf(row.email)
  const password = passwordOf(row, settings)
  const isAnonymous = email === null && textOf(row.phoneNumber) === null && providers.length === 0
  return {
    oldId: idOf(row.localId) ?? '',
    email,
    name: textOf(row.displayName),
    image: textOf(row.photoUrl),
    emailVerified: truthOf(row.emailVerified) === true,
    createdAt: timeOf(row.createdAt),
    isAdmin: truthOf(claims.admin) === true || isAdminRole(claims.role) || isAdminRole(claims.roles),
    banned: truthOf(row.disabled) === true,
    banExpires: null,
    password,
    accounts: linked.accounts,
    skip: isAnonymous ? 'anonymous' : null,
    remarks: [
      ...linked.remarks,
      ...(textOf(row.phoneNumber) === null ? [] : (['phone-lost'] as const)),
      ...(listOf(row.mfaInfo).length > 0 ? (['totp-lost'] as const) : []),
    ],
  }
}

function passwordOf(row: Row, { hashConfig, legacyKey }: Settings): SourcePassword {
  const [hash, salt] = [base64Of(row.passwordHash), base64Of(row.salt)]
  if (hash === null) return { kind: 'none' }
  const read = readFirebaseConfig(hashConfig ?? '')
  if (typeof read === 'string' || legacyKey === undefined || salt === null)
    return { kind: 'refused', reason: 'hash-unknown' }
  const { memCost, rounds, separator } = read.config
  const stored = `old:firebase:${legacyKey.number}:${memCost}:${rounds}:${separator}:${salt}:${hash}`
  const found = readStored(stored, new Map([[legacyKey.number, legacyKey.value]]))
  return typeof found === 'string'
    ? { kind: 'refused', reason: 'hash-limits' }
    : { kind: 'hash', hash: stored, format: found.format }
}

/** The API, and with it the SDK, writes the form for URLs. */
const base64Of = (value: unknown) => textOf(value)?.replaceAll('-', '+').replaceAll('_', '/') ?? null

export const firebase: System = {
  name: 'firebase',
  title: 'Firebase Authentication',
  exports: 'firebase auth:export users.json, or users.csv; needs --hash-config and --legacy-key',
  takes: ['hash-config', 'legacy-key'],
  header: HEADER,
  role,
  user,
  problems: firebaseProblems,
}
