import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'
import type { Log } from '../log.ts'
import { DatabaseTaskFailed } from './failures.ts'
import { isDatabaseFault } from './fault.ts'
import { withLock } from './lock.ts'
import { connectionOptions } from './pools.ts'
import { scramVerifier } from './scram.ts'
import { parseDatabaseUrl } from './url.ts'

type Role = { name: string; password: string }
type Plan = { admin: pg.ClientConfig; database: string; owner: Role; backend: Role }

const PATIENCE_MS = 30_000

/**
 * Makes what the two database URLs name: roles, passwords, the database. Safe to run at every start, and from several
 * places at once. Needs DATABASE_ADMIN_URL: a superuser, or a role that may create roles and databases.
 */
export async function setupDatabase(env: Env, log: Log): Promise<void> {
  const plan = readPlan(env)
  const server = await connectPatiently(plan.admin, log)
  try {
    await withLock(server, log, () => setUp(server, plan, log))
  } finally {
    await server.end()
  }
  log.info({ database: plan.database, roles: [plan.owner.name, plan.backend.name] }, 'roles and database are set up')
}

async function setUp(server: pg.Client, plan: Plan, log: Log): Promise<void> {
  for (const role of [plan.owner, plan.backend]) await ensureRole(server, role)
  await ensureDatabase(server, plan)
  const inside = await connectPatiently({ ...plan.admin, database: plan.database }, log)
  try {
    // PostgreSQL 15 and later let only the owner create in public; the backend's own tables live there.
    await inside.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${quoted(plan.backend.name)}`)
  } finally {
    await inside.end()
  }
}

function readPlan(env: Env): Plan {
  const { DATABASE_ADMIN_URL, BACKEND_DATABASE_URL } = env
  if (!DATABASE_ADMIN_URL || !BACKEND_DATABASE_URL) {
    throw new ConfigurationError(['DATABASE_ADMIN_URL and BACKEND_DATABASE_URL are required for setup-database'])
  }
  const { address } = parseDatabaseUrl('DATABASE_URL', env.DATABASE_URL)
  return {
    admin: { ...connectionOptions(env, 'DATABASE_ADMIN_URL', DATABASE_ADMIN_URL), connectionTimeoutMillis: 5000 },
    database: address.database ?? '',
    owner: roleOf('DATABASE_URL', env.DATABASE_URL),
    backend: roleOf('BACKEND_DATABASE_URL', BACKEND_DATABASE_URL),
  }
}

function roleOf(name: string, url: string): Role {
  const { user, password } = parseDatabaseUrl(name, url).address
  if (typeof user !== 'string' || typeof password !== 'string') {
    throw new ConfigurationError([`${name} must hold the user and the password to set up`])
  }
  return { name: user, password }
}

/** Waits for a server that is starting; a wrong password or a missing database will not mend by waiting. */
async function connectPatiently(config: pg.ClientConfig, log: Log): Promise<pg.Client> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const client = new pg.Client(config)
    client.on('error', (error) => log.warn({ err: error }, 'the connection for setup-database was lost'))
    try {
      return await client.connect()
    } catch (error) {
      if (!isDatabaseFault(error) || isRefusal(error)) throw error
      if (Date.now() > deadline) throw new DatabaseTaskFailed('The database server does not accept connections.', error)
      log.info('waiting for the database server')
      await sleep(500)
    }
  }
}

const isRefusal = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(28|3D)...$/.test(error.code)

async function ensureRole(client: pg.Client, { name, password }: Role): Promise<void> {
  const isThere = await exists(client, 'SELECT FROM pg_roles WHERE rolname = $1', name)
  const verb = isThere ? 'ALTER' : 'CREATE'
  await client.query(`${verb} ROLE ${quoted(name)} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`)
}

async function ensureDatabase(client: pg.Client, { database, owner }: Plan): Promise<void> {
  // Who is no superuser must be a member of a role to give it something.
  if (
    !(await exists(
      client,
      'SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolname = $1)',
      owner.name,
    ))
  ) {
    await client.query(`GRANT ${quoted(owner.name)} TO CURRENT_USER`)
  }
  const isThere = await exists(client, 'SELECT FROM pg_database WHERE datname = $1', database)
  const [subject, object] = [quoted(database), quoted(owner.name)]
  await client.query(
    isThere ? `ALTER DATABASE ${subject} OWNER TO ${object}` : `CREATE DATABASE ${subject} OWNER ${object}`,
  )
}

async function exists(client: pg.Client, text: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(text, [name])
  return rowCount === 1
}

const quoted = pg.escapeIdentifier
