import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { setupDatabase } from '../src/database/setup.ts'
import { type Env, readEnv } from '../src/env.ts'
import { createLog } from '../src/log.ts'

export type TestDatabase = {
  /** The variables of a server that uses this database; `port`: another way to it, see proxy.ts. */
  variables: (port?: number) => Record<string, string>
  env: (changes?: Record<string, string>) => Env
  host: string
  port: number
  ownerUrl: string
  backendUrl: string
  backendRole: string
  backendOwnerUrl: string
  backendOwnerRole: string
  superuserUrl: string
  /** As superuser, past every proxy. */
  sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  drop: () => Promise<void>
}

/** An empty database with roles of its own, made by the product's own `setup-database`. */
export async function createTestDatabase(adminAt = adminUrl()): Promise<TestDatabase> {
  const admin = new URL(adminAt)
  const suffix = randomBytes(6).toString('hex')
  const name = `test_${suffix}`
  const [owner, backend, backendOwner] = [`auth_${suffix}`, `backend_${suffix}`, `backend_owner_${suffix}`]
  const url = (user: string, port = admin.port) =>
    `postgres://${user}:p%40ss-${suffix}@${admin.hostname}:${port}/${name}`

  const variables = (port?: number) => ({
    NODE_ENV: 'development',
    BETTER_AUTH_SECRET: SECRET,
    INTERNAL_TOKEN,
    DATABASE_URL: url(owner, port === undefined ? admin.port : String(port)),
    DATABASE_URL_DIRECT: url(owner),
    BACKEND_DATABASE_URL: url(backend),
    BACKEND_MIGRATION_DATABASE_URL: url(backendOwner),
    BACKEND_DB_ROLE: backend,
    DATABASE_ADMIN_URL: admin.href,
    // A server that has just started holds ends by time for that long, and each test file starts one.
    SESSION_LEASE_MS: '60',
  })
  const env = (changes = {}) => readEnv({ ...variables(), ...changes })
  await setupDatabase(env(), createLog({ LOG_LEVEL: 'silent' }))

  const pool = new pg.Pool({ connectionString: urlOf(admin, name), max: 4 })
  // Tests end connections on purpose.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    variables,
    env,
    host: admin.hostname,
    port: Number(admin.port || 5432),
    ownerUrl: url(owner),
    backendUrl: url(backend),
    backendRole: backend,
    backendOwnerUrl: url(backendOwner),
    backendOwnerRole: backendOwner,
    superuserUrl: urlOf(admin, name),
    sql: async (text, values) => (await pool.query(text, values)).rows,
    drop: async () => {
      await pool.end()
      await asAdmin(`DROP DATABASE "${name}" WITH (FORCE)`, adminAt)
      await asAdmin(`DROP ROLE "${owner}", "${backend}", "${backendOwner}"`, adminAt)
    },
  }
}

export const SECRET = 'only-for-tests-6b3a1f0c9d8e7f2a4b5c'
export const INTERNAL_TOKEN = 'only-for-tests-internal-77f0a1'

export function adminUrl(): string {
  return process.env.TEST_DATABASE_ADMIN_URL ?? ''
}

function urlOf(admin: URL, database: string): string {
  const url = new URL(admin)
  url.pathname = `/${database}`
  return url.href
}

export async function asAdmin(text: string, adminAt = adminUrl()): Promise<void> {
  const client = new pg.Client(adminAt)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
