import { createHash } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import type { Env } from '../env.ts'
import { SQL_MIGRATIONS } from './sql-migrations.ts'

/** The rows of auth_migration that a database must have for this version of the server. More is fine: a newer one ran. */
export function expectedMigrations(options: BetterAuthOptions, env: Pick<Env, 'BACKEND_DB_ROLE'>): string[] {
  return [schemaFingerprint(options), ...SQL_MIGRATIONS.map(({ name }) => name), grantsName(env)]
}

export const grantsName = (env: Pick<Env, 'BACKEND_DB_ROLE'>) => `grants:${env.BACKEND_DB_ROLE}`

/** Names the tables and columns that better-auth expects with these options and plugins. */
export function schemaFingerprint(options: BetterAuthOptions): string {
  const tables = Object.entries(getSchema(options)).map(([table, { fields }]) => [
    table,
    Object.entries(fields)
      .map(([column, { type, required, unique, references }]) => [column, type, required, unique, references?.model])
      .sort(),
  ])
  return `better-auth:${createHash('sha256').update(JSON.stringify(tables.sort())).digest('hex').slice(0, 16)}`
}
