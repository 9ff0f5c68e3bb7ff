import { createHash } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import type { NamedEnv } from '../database/naming/client.ts'
import { isDefault, type Names } from '../database/naming/names.ts'
import { neededTables } from '../database/schema/needed.ts'
import type { Env } from '../env.ts'
import { namesOfSetting } from '../env-names.ts'
import { revocationTriggers } from '../revocation/triggers.ts'

/** What the schema is compared with. */
export function neededSchema(options: BetterAuthOptions, env: NamedEnv & Pick<Env, 'userFields'>) {
  const { AUTH_DB_SCHEMA: schema, names } = env
  return { schema, names, needed: neededTables(options, env), triggers: revocationTriggers(env) }
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
export function expectedMigrations(options: BetterAuthOptions, env: Pick<Env, 'BACKEND_DB_ROLE' | 'names'>): string[] {
  return [schemaFingerprint(options), ...STEPS, grantsName(env), ...namesName(env.names)]
}

const NAMES = 'names:'

/** What tables and columns are called, as the settings say it: a later migration finds them by that. */
function namesName(names: Names): string[] {
  return isDefault(names) ? [] : [`${NAMES}${names.setting}`]
}

/** The settings that such rows were written with. Without one, tables may be called as the code calls them. */
export function formerNames(rows: readonly string[], { setting, added }: Names): Names[] {
  const settings = rows.filter((row) => row.startsWith(NAMES)).map((row) => row.slice(NAMES.length))
  const others = new Set(['', ...settings].filter((other) => other !== setting))
  return [...others].map((other) => namesOfSetting(other, added))
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
