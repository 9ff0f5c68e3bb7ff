import type { ClientBase } from 'pg'
import type { Env } from '../env.ts'
import type { Ask } from './ask.ts'
import { DatabaseTaskFailed } from './task.ts'
import { parseDatabaseUrl } from './url.ts'

/**
 * What this server relies on, whatever ALTER DATABASE and ALTER ROLE say. `search_path` holds only what no other role
 * may write to: a function, operator, table or type in any other schema is never what one of our statements finds.
 * pg_temp is named last, or PostgreSQL would look there first for tables and types.
 */
const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog, pg_temp',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
  bytea_output: 'hex',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  row_security: 'on',
  quote_all_identifiers: 'off',
}

/** Start-up options must be known to the server: these came with PostgreSQL 14 and 17. */
const NEWER = ['idle_session_timeout', 'transaction_timeout']

/** For the start-up packet, so that nothing ever runs without them. A backslash keeps a space inside of a value. */
export const STARTUP_OPTIONS = Object.entries(SESSION_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
  .join(' ')

/** Expressions that switch them off. A server that is too old for one of them has no such limit. */
export const PIN_NEWER = NEWER.map(
  (name) =>
    `CASE WHEN pg_catalog.current_setting('${name}', true) IS NOT NULL
          THEN pg_catalog.set_config('${name}', '0', false) END`,
)

/** On a connection that may lead through a pooler which refuses start-up options. */
export async function pinSession(client: ClientBase): Promise<void> {
  const statements = Object.entries(SESSION_SETTINGS).map(([name, value]) => `SET ${name} = ${setValue(name, value)}`)
  await client.query(statements.join('; '))
  await client.query(`SELECT ${PIN_NEWER.join(', ')}`)
}

/** SQL that pins them for a role in a database: what holds behind a pooler in transaction mode. `role` is quoted. */
export function pinRole(role: string, database: string): string[] {
  return Object.entries(SESSION_SETTINGS).map(
    ([name, value]) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = ${setValue(name, value)}`,
  )
}

/** For the role that connects. In one transaction: the settings change for new connections all at once. */
export async function pinOwnRole(client: ClientBase, env: CheckEnv): Promise<void> {
  const { rows } = await client.query<{ role: string; database: string }>(
    `SELECT pg_catalog.quote_ident(session_user) AS "role",
            pg_catalog.quote_ident(pg_catalog.current_database()) AS "database"`,
  )
  const [found] = rows
  if (found === undefined || isSharedRole(env)) return
  await client.query(pinRole(found.role, found.database).join('; '))
}

/** Throws DatabaseTaskFailed where texts could not be kept. */
export async function refuseEncoding(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    `SELECT pg_catalog.current_setting('server_encoding') AS "encoding"`,
  )
  const problems = encodingProblems(rows[0]?.encoding ?? '')
  if (problems.length > 0) throw new DatabaseTaskFailed(`Not migrated: ${problems.join('; ')}`)
}

type CheckEnv = Pick<Env, 'DATABASE_POOLER' | 'DATABASE_URL' | 'BACKEND_DB_ROLE'>

/** What is in force and must not be, each with what to do about it. Empty where all is well. */
export async function settingProblems(ask: Ask, env: CheckEnv): Promise<string[]> {
  const [found] = await ask<Found>(FIND, [Object.keys(SESSION_SETTINGS).concat(NEWER)])
  if (found === undefined) return []
  const { encoding, replication, role, database, settings } = found
  const wrong = env.DATABASE_POOLER === 'transaction' ? wrongSettings(settings, env) : []
  return [
    ...encodingProblems(encoding),
    ...(replication === 'origin'
      ? []
      : [
          `session_replication_role is ${replication}, so cascades do not run: ALTER ROLE ${role} RESET session_replication_role`,
        ]),
    ...wrong.map(
      (name) =>
        `${name} is "${settings[name]}": ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = ` +
        `${setValue(name, SESSION_SETTINGS[name] ?? '0')}; then let the pooler reconnect`,
    ),
  ]
}

export function encodingProblems(encoding: string): string[] {
  if (encoding === 'UTF8') return []
  return [
    `the database's encoding is ${encoding}, and names and addresses need UTF8: make one with ` +
      "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and restore a dump of the old one into it",
  ]
}

/** One role for everything: its search_path is also the backend's, and there is no other role to keep out. */
function isSharedRole({ DATABASE_URL, BACKEND_DB_ROLE }: CheckEnv): boolean {
  return parseDatabaseUrl('DATABASE_URL', DATABASE_URL).address.user === BACKEND_DB_ROLE
}

function wrongSettings(settings: Found['settings'], env: CheckEnv): string[] {
  const relied = Object.entries(SESSION_SETTINGS).filter(([name]) => !(isSharedRole(env) && name === 'search_path'))
  // Any limit would do that leaves our own time to run out first: an operator may want one.
  const wrong = relied.filter(([name, value]) => !name.endsWith('_timeout') && plain(settings[name]) !== plain(value))
  return [...wrong.map(([name]) => name), ...Object.keys(settings).filter((name) => isShortLimit(name, settings[name]))]
}

const plain = (value: string | null | undefined) => (value ?? '').replaceAll(/[\s"]/g, '').toLowerCase()

/** Milliseconds of less than a second: no statement of ours could be relied on. */
const isShortLimit = (name: string, value: string | null | undefined) =>
  name.endsWith('_timeout') && /^[1-9]\d{0,2}ms$/.test(value ?? '')

type Found = {
  encoding: string
  replication: string
  role: string
  database: string
  settings: Record<string, string | null>
}

const FIND = `
  SELECT pg_catalog.current_setting('server_encoding') AS "encoding",
         pg_catalog.current_setting('session_replication_role') AS "replication",
         pg_catalog.quote_ident(session_user) AS "role",
         pg_catalog.quote_ident(pg_catalog.current_database()) AS "database",
         (SELECT pg_catalog.json_object_agg(name, pg_catalog.current_setting(name, true))
            FROM pg_catalog.unnest($1::pg_catalog.text[]) AS wanted (name)) AS "settings"`

/** A list of schemas is a list of names; anything else is one string. */
function setValue(name: string, value: string): string {
  return name === 'search_path' ? value : `'${value}'`
}
