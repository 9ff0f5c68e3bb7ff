import pg from 'pg'
import { CannotContinue } from '../errors.ts'
import { asJsonRows } from '../sql.ts'
import type { ClientCommand } from '../stack.ts'

type Access = {
  adminUrl: string | undefined
  /** libpq's PGOPTIONS. */
  options: string
}

/** Runs the statement as superuser in the stack's database, and gives its rows as JSON. */
export async function query({ adminUrl, options }: Access, statement: string): Promise<string> {
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
): ClientCommand {
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
