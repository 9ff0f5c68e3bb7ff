import type { Row, System, TableHead, TableRole } from '../system.ts'
import { keycloakPassword } from './keycloak-password.ts'
import { accountsOf } from './providers.ts'
import { idOf, keyOf } from './table-system.ts'
import { isAdminRole, listOf, objectOf, textOf, timeOf, truthOf } from './values.ts'

function role({ columns, name }: TableHead): TableRole | null {
  const isOurs = name === 'users' && columns.includes('id') && columns.includes('username')
  return isOurs ? { kind: 'users', id: (row) => keyOf(row.id) } : null
}

const SECOND_FACTORS = ['otp', 'totp', 'hotp', 'webauthn', 'recovery-authn-codes']

const user: System['user'] = (row) => {
  const credentials = listOf(row.credentials)
  const identities = listOf(row.federatedIdentities)
  const linked = accountsOf(
    identities.map((identity) => ({ provider: identity.identityProvider, id: identity.userId })),
  )
  const names = [textOf(row.firstName), textOf(row.lastName)].filter((name) => name !== null)
  const password = keycloakPassword(credentials)
  const isForeign = password.kind === 'none' && textOf(row.federationLink) !== null
  const clientRoles = Object.values(objectOf(row.clientRoles))
  return {
    oldId: idOf(row.id) ?? '',
    email: textOf(row.email),
    name: names.length > 0 ? names.join(' ') : null,
    image: pictureOf(objectOf(row.attributes)),
    emailVerified: truthOf(row.emailVerified) === true,
    createdAt: timeOf(row.createdTimestamp),
    isAdmin: isAdminRole(row.realmRoles) || clientRoles.some(isAdminRole),
    banned: truthOf(row.enabled) === false,
    banExpires: null,
    password: isForeign ? { kind: 'refused', reason: 'hash-foreign' } : password,
    accounts: linked.accounts,
    skip: textOf(row.serviceAccountClientId) === null ? null : 'not-a-person',
    remarks: [
      ...linked.remarks,
      ...(hasPhone(objectOf(row.attributes)) ? (['phone-lost'] as const) : []),
      ...(credentials.some(({ type }) => SECOND_FACTORS.includes(String(type))) || truthOf(row.totp) === true
        ? (['totp-lost'] as const)
        : []),
    ],
  }
}

/** Values of attributes are lists. */
const firstOf = (value: unknown) => textOf(Array.isArray(value) ? value[0] : value)
const pictureOf = (attributes: Row) => firstOf(attributes.picture) ?? firstOf(attributes.avatar)
const hasPhone = (attributes: Row) =>
  ['phone_number', 'phoneNumber', 'phone', 'mobile'].some((name) => firstOf(attributes[name]) !== null)

export const keycloak: System = {
  name: 'keycloak',
  title: 'Keycloak',
  exports: 'kc.sh export --users same_file, or its realm-users files; a partial export has no users',
  takes: [],
  role,
  user,
}
