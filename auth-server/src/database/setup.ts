import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Layout, prepareSchemas } from './backend-schema.ts'
import { connectionOptions } from './pools.ts'
import { ensureRole, type Role } from './roles.ts'
import { encodingProblems, pinRole, pinSession } from './session-settings.ts'
import { DatabaseTaskFailed, withLock } from './task.ts'
import { isDatabaseUnavailable } from './unavailable.ts'
import { parseDatabaseUrl } from './url.ts'

/** `backend` serves requests; `backendOwner` owns its tables and migrates them. They may be one role. */
type Plan = {
  admin: pg.ClientConfig
  database: string
  auth: Role
  backend: Role
  backendOwner: Role
  schemas: Layout['schemas']
  isPooled: boolean
}

const PATIENCE_MS = 30_000
const quoted = pg.escapeIdentifier

/**
 * Makes what the database URLs name: roles, passwords, the database, the backend's schema. Safe to run at every start,
 * and from several places at once. Needs DATABASE_ADMIN_URL: a superuser, or a role that may create roles and databases.
 */
export async function setupDatabase(env: Env, log: Log): Promise<void> {
  const plan = readPlan(env)
  const server = await connectPatiently(plan.admin, log)
  try {
    await withLock(server, log, () => setUp(server, plan, log))
  } finally {
    await server.end()
  }
  const roles = [...new Set(rolesOf(plan).map(({ name }) => name))]
  log.info({ database: plan.database, roles }, 'roles and database are set up')
}

async function setUp(server: pg.Client, plan: Plan, log: Log): Promise<void> {
  for (const role of rolesOf(plan)) await ensureRole(server, role)
  await ensureDatabase(server, plan)
  if (plan.isPooled) {
    for (const statement of pinRole(quoted(plan.auth.name), quoted(plan.database))) await server.query(statement)
  }
  const inside = await connectPatiently({ ...plan.admin, database: plan.database }, log)
  try {
    const { auth, backend, backendOwner, schemas } = plan
    const roles = { auth: auth.name, backend: backend.name, backendOwner: backendOwner.name }
    await prepareSchemas(inside, { roles, schemas, database: plan.database }, log)
  } finally {
    await inside.end()
  }
}

const rolesOf = ({ auth, backend, backendOwner }: Plan) => [auth, backend, backendOwner]

function readPlan(env: Env): Plan {
  const { DATABASE_ADMIN_URL, BACKEND_DATABASE_URL, BACKEND_MIGRATION_DATABASE_URL } = env
  if (!DATABASE_ADMIN_URL || !BACKEND_DATABASE_URL) {
    throw new ConfigurationError(['DATABASE_ADMIN_URL and BACKEND_DATABASE_URL are required for setup-database'])
  }
  const { address } = parseDatabaseUrl('DATABASE_URL', env.DATABASE_URL)
  const auth = roleOf('DATABASE_URL', env.DATABASE_URL)
  const backend = roleOf('BACKEND_DATABASE_URL', BACKEND_DATABASE_URL)
  const backendOwner = BACKEND_MIGRATION_DATABASE_URL
    ? roleOf('BACKEND_MIGRATION_DATABASE_URL', BACKEND_MIGRATION_DATABASE_URL)
    : backend
  return {
    admin: { ...connectionOptions(env, 'DATABASE_ADMIN_URL', DATABASE_ADMIN_URL), connectionTimeoutMillis: 5000 },
    database: address.database ?? '',
    auth,
    backend,
    backendOwner,
    schemas: { auth: env.AUTH_DB_SCHEMA, backend: env.BACKEND_DB_SCHEMA },
    isPooled: env.DATABASE_POOLER === 'transaction' && auth.name !== backend.name,
  }
}

function roleOf(name: string, url: string): Role {
  const { user, password } = parseDatabaseUrl(name, url).address
  if (typeof user !== 'string' || typeof password !== 'string') {
    throw new ConfigurationError([`${name} must hold the user and the password to set up`])
  }
  return { name: user, password }
}

/** Waits for a server that is starting; waiting changes nothing about a wrong password or a missing database. */
async function connectPatiently(config: pg.ClientConfig, log: Log): Promise<pg.Client> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const client = new pg.Client(config)
    client.on('error', (error) => log.warn({ err: error }, 'the connection for setup-database was lost'))
    try {
      const connected = await client.connect()
      await pinSession(connected)
      return connected
    } catch (error) {
      if (!isDatabaseUnavailable(error) || isRefusal(error)) throw error
      if (Date.now() > deadline) throw new DatabaseTaskFailed('The database server does not accept connections.', error)
      log.info('waiting for the database server')
      await sleep(500)
    }
  }
}

const isRefusal = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(28|3D)...$/.test(error.code)

async function ensureDatabase(client: pg.Client, { database, auth }: Plan): Promise<void> {
  const [subject, owner] = [quoted(database), quoted(auth.name)]
  const encoding = await encodingOf(client, database)
  if (encoding === undefined) {
    await client.query(`CREATE DATABASE ${subject} OWNER ${owner} ${await unicodeOption(client)}`)
    return
  }
  const problems = encodingProblems(encoding)
  if (problems.length > 0) throw new DatabaseTaskFailed(`The database "${database}" cannot be used: ${problems.join()}`)
  await client.query(`ALTER DATABASE ${subject} OWNER TO ${owner}`)
}

/** By the template's encoding, which is not UTF8 where the cluster was made in another locale. */
async function unicodeOption(client: pg.Client): Promise<string> {
  const isUnicode = (await encodingOf(client, 'template1')) === 'UTF8'
  return isUnicode ? '' : "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
}

async function encodingOf(client: pg.Client, database: string): Promise<string | undefined> {
  const { rows } = await client.query<{ encoding: string }>(
    'SELECT pg_catalog.pg_encoding_to_char(encoding) AS "encoding" FROM pg_catalog.pg_database WHERE datname = $1',
    [database],
  )
  return rows[0]?.encoding
}
