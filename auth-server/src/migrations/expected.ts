import { createHash } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import { neededTables } from '../database/schema/needed.ts'
import type { Env } from '../env.ts'
import { REVOCATION_TRIGGERS } from '../revocation/triggers.ts'

/** What the schema is compared with. */
export function neededSchema(options: BetterAuthOptions, env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  return { schema: env.AUTH_DB_SCHEMA, needed: neededTables(options), triggers: REVOCATION_TRIGGERS }
}

/**
 * Steps of this server's versions. All of them are one now: the schema is compared with what is needed, whatever was
 * applied before (schema/compare.ts). Recorded, so that an earlier version finds what it looks for; one is added
 * whenever a database that fits an earlier version has to be migrated for this one.
 */
const STEPS = [
  '0001_account_provider_unique',
  '0002_session_expires_at',
  '0003_verification_expires_at',
  '0004_user_created_at',
  '0005_rate_limit_last_request',
  '0006_revocation_triggers',
  '0007_described_session_trigger',
  '0008_compared_schema',
  '0009_imports',
]

/** The rows of auth_migration that a database must have for this version of the server. More is fine: a newer one ran. */
export function expectedMigrations(options: BetterAuthOptions, env: Pick<Env, 'BACKEND_DB_ROLE'>): string[] {
  return [schemaFingerprint(options), ...STEPS, grantsName(env)]
}

/** The number changes with what is granted, so that a database with the rights of an earlier version is pending. */
const grantsName = (env: Pick<Env, 'BACKEND_DB_ROLE'>) => `grants:2:${env.BACKEND_DB_ROLE}`

/** Names the tables and columns that better-auth expects with these options and plugins. */
function schemaFingerprint(options: BetterAuthOptions): string {
  const tables = Object.entries(getSchema(options)).map(([table, { fields }]) => [
    table,
    Object.entries(fields)
      .map(([column, { type, required, unique, references }]) => [column, type, required, unique, references?.model])
      .sort(),
  ])
  return `better-auth:${createHash('sha256').update(JSON.stringify(tables.sort())).digest('hex').slice(0, 16)}`
}
