import type { Row, System, TableHead, TableRole } from '../system.ts'
import { plain } from './fields.ts'
import { passwordOf } from './password.ts'
import { accountsOf } from './providers.ts'
import { idOf, isNamed, keyOf } from './table-system.ts'
import { happened, isAdminRole, textOf, timeOf, truthOf } from './values.ts'

/** Whatever the tables and columns are called: `userId`, `user_id`. */
function role({ schema, columns, name }: TableHead, { table }: { table: string | undefined }): TableRole | null {
  const names = new Set(columns.map(plain))
  const has = (...wanted: string[]) => wanted.every((column) => names.has(column))
  const owner = columns.find((column) => plain(column) === 'userid')
  if (owner !== undefined && has('accountid', 'providerid'))
    return { kind: 'accounts', userId: (row) => keyOf(row[owner]) }
  if (owner !== undefined && has('secret', 'backupcodes'))
    return { kind: 'factors', userId: (row) => keyOf(row[owner]) }
  const isUsers = table === undefined ? has('id', 'email', 'emailverified') : isNamed({ schema, name }, table)
  const id = columns.find((column) => plain(column) === 'id') ?? ''
  return isUsers ? { kind: 'users', id: (row) => keyOf(row[id]) } : null
}

const user: System['user'] = (given, { accounts = [], factors = [] }, { settings }) => {
  const row = plainRow(given)
  const all = accounts.map(plainRow)
  const credential = all.find((account) => account.providerid === 'credential')
  const { password, remarks } = passwordOf(credential?.password, 'any', settings)
  const linked = accountsOf(all.map((account) => ({ provider: account.providerid, id: account.accountid })))
  const hasFactor = factors.length > 0 || truthOf(row.twofactorenabled) === true
  return {
    oldId: idOf(row.id) ?? '',
    email: textOf(row.email),
    name: textOf(row.name),
    image: textOf(row.image),
    emailVerified: happened(row.emailverified),
    createdAt: timeOf(row.createdat),
    isAdmin: isAdminRole(row.role),
    banned: truthOf(row.banned) === true,
    banExpires: truthOf(row.banned) === true ? timeOf(row.banexpires) : null,
    password,
    accounts: linked.accounts,
    skip: truthOf(row.isanonymous) === true ? 'anonymous' : null,
    remarks: [
      ...remarks,
      ...linked.remarks,
      ...(textOf(row.phonenumber) === null ? [] : (['phone-lost'] as const)),
      ...(hasFactor ? (['totp-lost'] as const) : []),
    ],
  }
}

function plainRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [plain(column), value]))
}

export const betterAuth: System = {
  name: 'better-auth',
  title: 'better-auth',
  exports: 'a dump in SQL, or postgres://…',
  takes: ['table'],
  role,
  user,
}
