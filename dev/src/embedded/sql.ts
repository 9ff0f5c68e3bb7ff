import pg from 'pg'
import { CannotContinue } from '../errors.ts'
import { asJsonRows } from '../sql.ts'

/** Runs the statement as superuser in the stack's database, and gives its rows as JSON. */
export async function query(adminUrl: string | undefined, statement: string): Promise<string> {
  if (adminUrl === undefined) throw new CannotContinue('PostgreSQL does not run.')
  const url = new URL(adminUrl)
  url.pathname = '/auth_sidecar'
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 })
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
