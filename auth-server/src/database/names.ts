import { escapeIdentifier } from 'pg'
import type { Env } from '../env.ts'
import { tableIn } from './naming/names.ts'

type AuthSchema = Pick<Env, 'AUTH_DB_SCHEMA'>

/**
 * Qualified and quoted: `search_path` is the caller's to set and decides nothing here. By the name that the code has for it: on the
 * way to the database it becomes what the settings call it, see naming/client.ts.
 */
export function tableName({ AUTH_DB_SCHEMA }: AuthSchema, table: string): string {
  return `${escapeIdentifier(AUTH_DB_SCHEMA)}.${escapeIdentifier(table)}`
}

/** For a value of a statement, such as the text of a regclass: what the table is called in the database. */
export function storedTableName(env: AuthSchema & Pick<Env, 'names'>, table: string): string {
  return tableName(env, tableIn(env.names, table))
}
