import type { Variables } from './settings/env-file.ts'

/** For libpq's PGOPTIONS: the schemas of both services, so that a statement need not say whose table it means. */
export function searchBoth({ AUTH_DB_SCHEMA, BACKEND_DB_SCHEMA }: Variables): string {
  return `-c search_path="${AUTH_DB_SCHEMA || 'public'}","${BACKEND_DB_SCHEMA || 'app'}"`
}

/**
 * The statement in a form in which PostgreSQL itself makes its rows into JSON, so that both modes print them alike.
 * A statement that gives no rows stays as it is.
 */
export function asJsonRows(statement: string): { text: string; givesRows: boolean } {
  const text = statement.trim().replace(/;\s*$/, '')
  const isQuery = /^(select|with|values|table)\b/i.test(text)
  if (!isQuery && !/\breturning\b/i.test(text)) return { text, givesRows: false }
  return {
    text: `WITH rows AS (${text}) SELECT coalesce(json_agg(rows), '[]')::text AS json FROM rows`,
    givesRows: true,
  }
}
