import pg, { type ClientBase } from 'pg'
import { scramVerifier } from './scram.ts'

export type Role = { name: string; password: string }

const quoted = pg.escapeIdentifier

/** Makes it, or gives it the password. Who is no superuser becomes a member: only that lets one give a role something. */
export async function ensureRole(client: ClientBase, { name, password }: Role): Promise<void> {
  const isThere = await hasRow(client, 'SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', name)
  const verb = isThere ? 'ALTER' : 'CREATE'
  await client.query(`${verb} ROLE ${quoted(name)} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`)
  const mayAct = 'SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND (rolsuper OR rolname = $1)'
  if (!(await hasRow(client, mayAct, name))) await client.query(`GRANT ${quoted(name)} TO CURRENT_USER`)
}

async function hasRow(client: ClientBase, text: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(text, [name])
  return rowCount === 1
}
