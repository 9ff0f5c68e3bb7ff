import { CannotContinue } from './errors.ts'
import type { Command } from './processes/run.ts'
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

type Access = {
  adminUrl: string | undefined
  /** libpq's PGOPTIONS. */
  options: string
}

/** Runs the statement as superuser in the stack's database, and gives its rows as JSON. */
export async function query({ adminUrl, options }: Access, statement: string): Promise<string> {
  // Only here: most commands start without it, and faster.
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: ownDatabase(adminUrl).href,
    connectionTimeoutMillis: 5000,
    options,
  })
  await client.connect()
  try {
    const { text, givesRows } = asJsonRows(statement)
    const { rows } = await client.query(text)
    return givesRows ? String(rows[0]?.json) : '[]'
  } catch (error) {
    throw new CannotContinue(error instanceof Error ? error.message : String(error))
  } finally {
    await client.end()
  }
}

/** The password goes by the environment: command lines can be read by every user of the machine. */
export function clientCommand(
  { adminUrl, options }: Access,
  machine: Record<string, string>,
  command: string[],
): Command {
  const url = ownDatabase(adminUrl)
  const { hostname: PGHOST, port: PGPORT, username: PGUSER, password: PGPASSWORD } = url
  return {
    command,
    env: { ...machine, PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE: 'auth_sidecar', PGOPTIONS: options },
  }
}

function ownDatabase(adminUrl: string | undefined): URL {
  if (adminUrl === undefined) {
    throw new CannotContinue("The stack's PostgreSQL does not run: make up. A database of your own: psql with its URL.")
  }
  const url = new URL(adminUrl)
  url.pathname = '/auth_sidecar'
  return url
}
