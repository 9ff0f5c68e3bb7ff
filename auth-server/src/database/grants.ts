import { type ClientBase, escapeIdentifier } from 'pg'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { DatabaseTaskFailed } from './failures.ts'
import { tableName } from './names.ts'

type GrantsEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'BACKEND_DB_ROLE'>

/** What only this server may read. Column "id" of "user" is the one thing the backend's tables refer to. */
const SECRET_TABLES = ['session', 'account', 'verification', 'rateLimit', 'user']

/** The backend may point its rows at a user, and see nothing else of ours. */
export async function grantToBackend(client: ClientBase, env: GrantsEnv, log: Log): Promise<void> {
  const role = env.BACKEND_DB_ROLE
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) {
    throw new DatabaseTaskFailed(
      `The role "${role}" of BACKEND_DB_ROLE does not exist. Create it (setup-database does) and migrate again.`,
    )
  }
  await client.query(`GRANT USAGE ON SCHEMA ${escapeIdentifier(env.AUTH_DB_SCHEMA)} TO ${escapeIdentifier(role)}`)
  await client.query(`GRANT SELECT ("id"), REFERENCES ("id") ON ${tableName(env, 'user')} TO ${escapeIdentifier(role)}`)
  await warnIfReadable(client, env, log)
}

/** Rights also come from memberships, PUBLIC and default privileges, which are not ours to take away. */
async function warnIfReadable(client: ClientBase, env: GrantsEnv, log: Log): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT t AS "table" FROM unnest($2::text[]) t WHERE has_table_privilege($1, format('%I.%I', $3::text, t), 'SELECT')`,
    [env.BACKEND_DB_ROLE, SECRET_TABLES, env.AUTH_DB_SCHEMA],
  )
  if (rows.length === 0) return
  const tables = rows.map(({ table }) => table)
  log.warn({ role: env.BACKEND_DB_ROLE, tables }, 'the backend role can read tables that hold secrets')
}
