import type { Row, System } from '../system.ts'
import { keyOf, tableSystem } from './table-system.ts'
import { isAdminRole, textOf, timeOf } from './values.ts'

type Context = Parameters<System['user']>[2]

/** The app of the older documents keeps roles in `Role`, whose they are in `_RoleToUser`, and locks by address. */
export const prisma = tableSystem({
  name: 'prisma-bcryptjs',
  aliases: ['prisma', 'prisma-bcryptjs-app', 'prisma/bcryptjs', 'bcryptjs'],
  title: 'an app with Prisma and bcryptjs',
  maker: 'any',
  attached: ({ name, columns }) => {
    const has = (...wanted: string[]) => wanted.every((column) => columns.includes(column))
    if (/^roles?$/i.test(name) && has('id', 'name')) return { kind: 'roles', isShared: true }
    if (/^_RoleToUser$/i.test(name) && has('A', 'B')) return { kind: 'memberships', userId: (row) => keyOf(row.B) }
    if (has('email', 'lockedUntil')) return { kind: 'lockouts', isShared: true }
    return null
  },
  refine: (user, _row, { memberships = [] }, context) => {
    const isAdmin = user.isAdmin || memberships.some((row) => adminRoles(context).has(keyOf(row.A) ?? ''))
    const isLocked = user.email !== null && locked(context).has(user.email.trim().toLowerCase())
    return { ...user, isAdmin, remarks: isLocked ? [...user.remarks, 'locked-there'] : user.remarks }
  },
})

const adminRoles = remembering((context) => {
  const roles = (context.shared.roles ?? []).filter((row) => isAdminRole(row.name))
  return new Set(roles.map((row) => keyOf(row.id) ?? ''))
})

const locked = remembering((context) => {
  const isNow = (row: Row) => (timeOf(row.lockedUntil)?.getTime() ?? 0) > Date.now()
  return new Set(
    (context.shared.lockouts ?? []).filter(isNow).map((row) => (textOf(row.email) ?? '').trim().toLowerCase()),
  )
})

/** What is made of the shared rows, once for all users. */
function remembering(make: (context: Context) => Set<string>): (context: Context) => Set<string> {
  const made = new WeakMap<Context['shared'], Set<string>>()
  return (context) => {
    const known = made.get(context.shared) ?? make(context)
    made.set(context.shared, known)
    return known
  }
}
