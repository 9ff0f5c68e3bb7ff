import type { Row, System } from '../system.ts'
import { keyOf, tableSystem } from './table-system.ts'
import { isAdminRole } from './values.ts'

export const flaskSecurity = tableSystem({
  name: 'flask-security',
  title: 'Flask-Security',
  maker: 'flask-security',
  takes: ['legacy-key'],
  preferred: { password: ['password'], verified: ['confirmedat'], active: ['active'], createdAt: ['createdatetime'] },
  attached: ({ name, columns }) => {
    const has = (...wanted: string[]) => wanted.every((column) => columns.includes(column))
    if (has('user_id', 'role_id')) return { kind: 'memberships', userId: (row) => keyOf(row.user_id) }
    return ROLES.test(name) && has('id', 'name') ? { kind: 'roles', isShared: true } : null
  },
  refine: (user, _row, { memberships = [] }, context) => ({
    ...user,
    isAdmin: user.isAdmin || memberships.some((row) => isAdminMembership(row, context)),
  }),
  problems: ({ legacyKey }) => (legacyKey === undefined ? [NO_SALT] : []),
})

/** With a prefix, if any: other tables have a name and a description as well. */
const ROLES = /(?:^|_)roles?$/i

const NO_SALT =
  'Flask-Security hashes an HMAC of the password: put its SECURITY_PASSWORD_SALT into LEGACY_KEY_1, for this command and for the auth server, and say --legacy-key 1'

function isAdminMembership(membership: Row, { shared }: Parameters<System['user']>[2]): boolean {
  return (shared.roles ?? []).some((role) => keyOf(role.id) === keyOf(membership.role_id) && isAdminRole(role.name))
}
