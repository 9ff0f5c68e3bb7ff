import { tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext, BetterAuthOptions, User } from 'better-auth'
import { getAuthTables } from 'better-auth/db'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { SIGN_IN } from './sign-in-at-once.ts'

type InternalAdapter = Pick<AuthContext['internalAdapter'], 'findUserByEmail'>
type Found = NonNullable<Awaited<ReturnType<InternalAdapter['findUserByEmail']>>>
type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>; pool: Pool; options: BetterAuthOptions }
type Attributes = {
  type: unknown
  references?: { field: string } | undefined
  transform?: { output?: unknown } | undefined
}
type Column = { name: string; isId: boolean }

/**
 * The user of a sign-in with a password, with their accounts, by one prepared statement: better-auth builds and compiles the same one
 * for each sign-in. A field that it would read in another way than PostgreSQL gives it leaves all to better-auth.
 */
export function findUserPrepared(internalAdapter: InternalAdapter, { env, pool, options }: Parts): void {
  const { findUserByEmail } = internalAdapter
  const { user, account } = getAuthTables(options)
  if (!user || !account) return
  const fields = [...Object.values(user.fields), ...Object.values(account.fields)]
  if (fields.some((field) => isReadOtherwise(field as Attributes))) return
  const [userColumns, accountColumns] = [columnsOf(user.fields), columnsOf(account.fields)]
  const text = textOf(env, userColumns, accountColumns)
  const name = env.DATABASE_POOLER === 'transaction' ? undefined : 'user-of-sign-in'

  internalAdapter.findUserByEmail = async (email, given) => {
    if (tryGetCurrentAuthEndpointContext()?.path !== SIGN_IN || !given?.includeAccounts)
      return findUserByEmail(email, given)
    const { rows } = await pool.query<unknown[]>({ name, text, values: [email.toLowerCase()], rowMode: 'array' })
    const [row] = rows
    if (!row) return null
    const found = objectOf(userColumns, row, 0) as User & Record<string, unknown>
    if (normalized(found.email) !== normalized(email)) return null
    const accounts = rows
      .filter((one) => one[userColumns.length] !== null)
      .map((one) => objectOf(accountColumns, one, userColumns.length))
    return { user: found, accounts } as unknown as Found
  }
}

const normalized = (email: string) => email.normalize('NFC').toLowerCase()

/** better-auth parses lists out of text, and a field may have a function of its own. */
const isReadOtherwise = ({ type, transform }: Attributes) =>
  String(type).endsWith('[]') || transform?.output !== undefined

function columnsOf(fields: Record<string, unknown>): Column[] {
  const others = Object.entries(fields as Record<string, Attributes>).filter(([name]) => name !== 'id')
  return [
    { name: 'id', isId: true },
    ...others.map(([name, { references }]) => ({ name, isId: references?.field === 'id' })),
  ]
}

function textOf(env: Parts['env'], user: readonly Column[], account: readonly Column[]): string {
  const columns = [...user.map(({ name }) => `u."${name}"`), ...account.map(({ name }) => `a."${name}"`)]
  return `
    SELECT ${columns.map((column, index) => `${column} AS "c${index}"`).join(', ')}
      FROM ${tableName(env, 'user')} u LEFT JOIN ${tableName(env, 'account')} a ON a."userId" = u."id" WHERE u."email" = $1`
}

function objectOf(columns: readonly Column[], row: readonly unknown[], from: number): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [index, { name, isId }] of columns.entries()) {
    const value = row[from + index]
    made[name] = isId && value !== null ? String(value) : value
  }
  return made
}
