import { escapeIdentifier } from 'pg'
import type { Env } from '../env.ts'

type AuthSchema = Pick<Env, 'AUTH_DB_SCHEMA'>

/** Qualified and quoted: `search_path` is the caller's to set and decides nothing here. */
export function tableName({ AUTH_DB_SCHEMA }: AuthSchema, table: string): string {
  return `${escapeIdentifier(AUTH_DB_SCHEMA)}.${escapeIdentifier(table)}`
}
