import { readStored } from '../../passwords/forms.ts'
import type { Row, Settings, SourcePassword, System, TableHead, TableRole } from '../system.ts'
import { firebaseProblems, readFirebaseConfig } from './firebase-config.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

function role({ columns }: TableHead): TableRole | null {
  return columns.includes('localId') ? { kind: 'users', id: (row) => keyOf(row.localId) } : null
}

const user: System['user'] = (row, _attached, { settings }) => {
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
  const [hash, salt] = [textOf(row.passwordHash), textOf(row.salt)]
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

export const firebase: System = {
  name: 'firebase',
  title: 'Firebase Authentication',
  exports: 'firebase auth:export users.json; needs --hash-config and --legacy-key',
  takes: ['hash-config', 'legacy-key'],
  role,
  user,
  problems: firebaseProblems,
}
