import { type ClientBase, escapeIdentifier } from 'pg'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { askOver } from './ask.ts'
import { tableName } from './names.ts'
import { warnOfOtherRoles } from './other-roles.ts'
import { DatabaseTaskFailed } from './task.ts'

export type GrantsEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'BACKEND_DB_ROLE' | 'BACKEND_DB_SCHEMA' | 'names'>

/** `referrer` migrates the backend's tables, which point at users; undefined where that is this server's own role. */
type Roles = { me: string; referrer: string | undefined; isOwnSchema: boolean }

/**
 * The backend may point its rows at a user, and see nothing else of ours. The role that serves requests may not even
 * point: a reference without CASCADE would keep a user from being deleted. What setup-database did before, as its
 * superuser, is done here as far as the owner of our tables can.
 */
export async function grantToBackend(client: ClientBase, env: GrantsEnv, log: Log): Promise<void> {
  const role = env.BACKEND_DB_ROLE
  const { rowCount } = await client.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) {
    throw new DatabaseTaskFailed(
      `The role "${role}" of BACKEND_DB_ROLE does not exist. Create it (setup-database does) and migrate again.`,
    )
  }
  await ensureBackendSchema(client, env, log)
  const { me, referrer, isOwnSchema } = await findRoles(client, env)
  const others = [...new Set([role, referrer ?? role])].filter((other) => other !== me)
  const statements = others.flatMap((other) => grantsTo(other, other === referrer, isOwnSchema, env))
  if (statements.length > 0) await client.query(statements.join('; '))
  await warnOfOtherRoles(askOver(client), env, log)
}

function grantsTo(role: string, isReferrer: boolean, isOwnSchema: boolean, env: GrantsEnv): string[] {
  const [schema, name] = [env.AUTH_DB_SCHEMA, role].map(escapeIdentifier)
  const user = tableName(env, 'user')
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
    `GRANT SELECT ("id") ON ${user} TO ${name}`,
    isReferrer ? `GRANT REFERENCES ("id") ON ${user} TO ${name}` : `REVOKE REFERENCES ("id") ON ${user} FROM ${name}`,
    ...(isOwnSchema ? [`REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC, ${name}`] : []),
  ]
}

/** The migrating role is whoever owns the backend's schema, or may create in it where that is ours. */
async function findRoles(client: ClientBase, env: GrantsEnv): Promise<Roles> {
  const { rows } = await client.query<{ me: string; owner: string | null; creates: boolean; isOwnSchema: boolean }>(
    `SELECT current_user AS "me", pg_catalog.pg_get_userbyid(b.nspowner) AS "owner",
            pg_catalog.has_schema_privilege($3, b.oid, 'CREATE') AS "creates",
            pg_catalog.pg_has_role(a.nspowner, 'USAGE') AS "isOwnSchema"
       FROM pg_catalog.pg_namespace a, pg_catalog.pg_namespace b WHERE a.nspname = $1 AND b.nspname = $2`,
    [env.AUTH_DB_SCHEMA, env.BACKEND_DB_SCHEMA, env.BACKEND_DB_ROLE],
  )
  const [found] = rows
  // No schema: the backend's migrations make it, with the right to do so, or say what is missing.
  if (found === undefined) return { ...(await myself(client)), referrer: env.BACKEND_DB_ROLE, isOwnSchema: false }
  const { me, owner, creates, isOwnSchema } = found
  if (owner !== null && owner !== me && owner !== 'pg_database_owner') return { me, referrer: owner, isOwnSchema }
  return { me, referrer: creates ? env.BACKEND_DB_ROLE : undefined, isOwnSchema }
}

async function myself(client: ClientBase): Promise<{ me: string }> {
  const { rows } = await client.query<{ me: string }>('SELECT current_user AS "me"')
  return { me: rows[0]?.me ?? '' }
}

/** Where setup-database is not used. One role then migrates and serves, and is all that this server knows of. */
async function ensureBackendSchema(client: ClientBase, env: GrantsEnv, log: Log): Promise<void> {
  const { rows } = await client.query<{ isThere: boolean; mayCreate: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS "isThere",
            pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS "mayCreate"`,
    [env.BACKEND_DB_SCHEMA],
  )
  if (rows[0]?.isThere) return
  const [schema, role] = [env.BACKEND_DB_SCHEMA, env.BACKEND_DB_ROLE].map(escapeIdentifier)
  if (!rows[0]?.mayCreate) {
    const todo = `CREATE SCHEMA ${schema} AUTHORIZATION ${role}`
    log.warn({ todo }, "the backend's schema is missing, and this role may not make it")
    return
  }
  await client.query(`CREATE SCHEMA ${schema}`)
  await client.query(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`)
}
