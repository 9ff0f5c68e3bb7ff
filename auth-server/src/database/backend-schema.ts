import pg, { type ClientBase } from 'pg'
import type { Log } from '../log.ts'
import { takeOver } from './take-over.ts'

/** Names, unquoted. */
export type Layout = {
  database: string
  roles: { auth: string; backend: string; backendOwner: string }
  schemas: { auth: string; backend: string }
}

const quoted = pg.escapeIdentifier

/**
 * A schema of the backend's own, and no right to create anything beside the auth server's tables: what stands there could
 * run as their owner (https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058). All or nothing, and safe to repeat.
 */
export async function prepareSchemas(client: ClientBase, layout: Layout, log: Log): Promise<void> {
  await client.query('BEGIN')
  try {
    await closeAuthSchema(client, layout)
    await openBackendSchema(client, layout)
    // One role for everything owns the auth server's tables too: nothing is there to be told apart.
    if (layout.roles.auth !== layout.roles.backend) await takeOver(client, layout, log)
    await grantToServe(client, layout)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Before PostgreSQL 15 everybody could create in public, and earlier versions of setup-database granted it. */
async function closeAuthSchema(client: ClientBase, { database, roles, schemas }: Layout): Promise<void> {
  const backends = [roles.backend, roles.backendOwner].filter((role) => role !== roles.auth).map(quoted)
  const others = ['PUBLIC', ...backends].join(', ')
  if (await exists(client, schemas.auth)) {
    const schema = quoted(schemas.auth)
    await client.query(`REVOKE CREATE ON SCHEMA ${schema} FROM ${others}`)
    await client.query(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${quoted(roles.auth)}`)
  }
  for (const backend of backends) {
    await client.query(`REVOKE CREATE ON DATABASE ${quoted(database)} FROM ${backend}`)
    if (schemas.backend !== 'public') await client.query(`REVOKE CREATE ON SCHEMA public FROM ${backend}`)
  }
}

async function openBackendSchema(client: ClientBase, { roles, schemas }: Layout): Promise<void> {
  const [schema, owner] = [quoted(schemas.backend), quoted(roles.backendOwner)]
  if (!(await exists(client, schemas.backend))) await client.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${owner}`)
  else await client.query(`ALTER SCHEMA ${schema} OWNER TO ${owner}`)
  if (roles.backend === roles.backendOwner) return
  await client.query(`REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC, ${quoted(roles.backend)}`)
}

/** Rows, in the tables that are there and those to come. */
async function grantToServe(client: ClientBase, { roles, schemas }: Layout): Promise<void> {
  if (roles.backend === roles.backendOwner) return
  const [schema, backend, owner] = [schemas.backend, roles.backend, roles.backendOwner].map(quoted)
  const byDefault = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema} GRANT`
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${backend}`)
  await client.query(`${byDefault} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${backend}`)
  await client.query(`${byDefault} USAGE, SELECT ON SEQUENCES TO ${backend}`)
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${backend}`)
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${backend}`)
}

async function exists(client: ClientBase, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema])
  return rowCount === 1
}
