import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg, { type ClientBase } from 'pg'

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

const ITERATIONS = 4096 // PostgreSQL's own default, scram_iterations

/**
 * What PostgreSQL stores of a password (RFC 5803). Sent in place of the password itself, which the server would write
 * into its log with log_statement = ddl, or with any error in the statement. psql's \password does the same.
 */
function scramVerifier(password: string, salt = randomBytes(16)): string {
  // RFC 4013 prescribes SASLprep; NFKC is the part of it that changes passwords in use.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256')
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
