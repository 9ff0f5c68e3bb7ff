import { isIP } from 'node:net'
import { settingProblems } from '../../database/session-settings.ts'
import { parseDatabaseUrl } from '../../database/url.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import { type Query, type Reader, readPooled } from '../reader.ts'

export const DATABASE = subject({
  title: 'Database',
  good: 'a supported version, encrypted or on this machine, with room for our connections',
  kinds: {
    'database-version': { severity: 'warning', why: 'It gets no corrections of security any more.' },
    'database-clear': {
      severity: 'warning',
      why: 'Whoever can listen on the network reads hashes and session tokens.',
    },
    'database-setting': { severity: 'error', why: 'The server is not ready: texts or deletions would be wrong.' },
    'database-connections': { severity: 'warning', why: 'A burst of requests would be refused by the database.' },
    'transaction-open': {
      severity: 'warning',
      why: 'It keeps deleted rows from being cleaned up, and locks that migrations wait for.',
    },
    'transaction-prepared': { severity: 'warning', why: 'It holds its locks forever, across restarts.' },
    'wraparound-near': {
      severity: 'warning',
      why: 'PostgreSQL stops accepting writes before its transaction ids run out.',
    },
    'role-expires': { severity: 'warning', why: 'From then on the database refuses the password of this role.' },
  },
  checks: [
    { name: 'version', of: 'database', run: version },
    { name: 'encryption', of: 'database', run: encryption },
    { name: 'settings', of: 'database', run: settings },
    { name: 'connections', of: 'database', run: connections },
    { name: 'transactions', of: 'database', run: transactions },
    { name: 'transaction ids', of: 'database', run: wraparound },
    { name: 'passwords of roles', of: 'database', run: expiry },
  ],
})

/** The last day of each version: https://www.postgresql.org/support/versioning/ */
const LAST_DAYS: Readonly<Record<number, string>> = {
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
}

async function version(reader: Reader, { now }: Examined): Promise<Found<'database-version'>[]> {
  const text = `SELECT current_setting('server_version_num')::int AS "number", current_setting('server_version') AS "name"`
  const [found] = await reader.read((query) => query<{ number: number; name: string }>(text))
  const major = Math.floor((found?.number ?? 0) / 10_000)
  const lastDay = LAST_DAYS[major] ?? (major < 13 ? '2024-11-21' : undefined)
  if (lastDay === undefined || now() <= Date.parse(lastDay) + 24 * 3_600_000) return []
  return [
    {
      id: 'database-version',
      what: `PostgreSQL ${found?.name} is supported until ${lastDay}.`,
      fix: [shell('pg_upgrade --help', { note: 'to a version that is supported; at a provider, in its console' })],
    },
  ]
}

async function encryption(reader: Reader, { env }: Examined): Promise<Found<'database-clear'>[]> {
  const { host } = parseDatabaseUrl('DATABASE_URL', env.DATABASE_URL).address
  if (host === undefined || isNear(host)) return []
  const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
  const [found] = await reader.read((query) => query<{ ssl: boolean }>(text))
  if (found?.ssl !== false) return []
  const what = `The connection to ${host} is not encrypted.`
  const fix = `export DATABASE_URL="$DATABASE_URL${env.DATABASE_URL.includes('?') ? '&' : '?'}sslmode=verify-full"`
  return [
    {
      id: 'database-clear',
      what,
      fix: [shell(fix, { note: 'with DATABASE_CA_FILE, where its authority is its own' })],
    },
  ]
}

/** This machine, a socket, or a name without a dot: the network of one host's containers. */
function isNear(host: string): boolean {
  if (host.startsWith('/') || host === '::1' || host.startsWith('127.')) return true
  return isIP(host) === 0 && !host.includes('.')
}

async function settings(reader: Reader, { env }: Examined): Promise<Found<'database-setting'>[]> {
  const ask = (query: Query) => settingProblems(query, env)
  const isPooled = env.DATABASE_POOLER === 'transaction'
  // Where it leads nowhere, the subject "Pooler" says so.
  const problems = isPooled ? await readPooled(env, ask).catch(() => []) : await reader.read(ask)
  return problems.map((what) => {
    const [, statement] = /: (ALTER ROLE .*?)(?:; then .*)?$/.exec(what) ?? []
    const fix = statement
      ? sql(statement, { as: 'superuser', note: 'then connections are to be opened again' })
      : shell('createdb --encoding=UTF8 --template=template0 NAME', { note: 'and restore a dump into it' })
    return { id: 'database-setting', what: `${what}.`, fix: [fix] }
  })
}

type Room = { max: number; reserved: number; role: number; database: number; roleName: string }

async function connections(reader: Reader, { env }: Examined): Promise<Found<'database-connections'>[]> {
  const text = `
    SELECT current_setting('max_connections')::int AS "max", quote_ident(current_user) AS "roleName",
           current_setting('superuser_reserved_connections')::int AS "reserved",
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS "role",
           (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "database"`
  const [room] = await reader.read((query) => query<Room>(text))
  if (room === undefined || env.DATABASE_POOLER === 'transaction') return []
  // One that listens, one that probes.
  const needed = env.DATABASE_POOL_MAX + env.SESSION_POOL_MAX + 2
  const limits = [room.max - room.reserved, room.role, room.database].filter((limit) => limit >= 0)
  const least = Math.min(...limits)
  if (least >= needed) return []
  const pools = `DATABASE_POOL_MAX (${env.DATABASE_POOL_MAX}) and SESSION_POOL_MAX (${env.SESSION_POOL_MAX})`
  const fix =
    room.role === least
      ? sql(`ALTER ROLE ${room.roleName} CONNECTION LIMIT -1`, { as: 'superuser' })
      : shell(`export DATABASE_POOL_MAX=${Math.max(1, least - env.SESSION_POOL_MAX - 2)}`)
  const what = `${pools} need ${needed} connections of each server, and the database gives at most ${least}.`
  return [{ id: 'database-connections', what, fix: [fix] }]
}

type Transaction = { pid: number; role: string; state: string; minutes: number }
type Prepared = { name: string; literal: string; minutes: number }

const AT = 'to_timestamp($1::float8 / 1000)'

/** Without pg_monitor, those of other roles are not shown. */
async function transactions(
  reader: Reader,
  { now }: Examined,
): Promise<Found<'transaction-open' | 'transaction-prepared'>[]> {
  const age = (since: string) => `floor(date_part('epoch', ${AT} - ${since}) / 60)::int`
  const open = `
    SELECT pid, usename AS "role", state, ${age('xact_start')} AS "minutes" FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
       AND (xact_start < ${AT} - interval '30 minutes'
            OR (state LIKE 'idle in transaction%' AND state_change < ${AT} - interval '5 minutes'))
     ORDER BY xact_start LIMIT 10`
  const prepared = `
    SELECT gid AS "name", quote_literal(gid) AS "literal", ${age('prepared')} AS "minutes" FROM pg_prepared_xacts
     WHERE database = current_database() AND prepared < ${AT} - interval '30 minutes' LIMIT 10`
  const look = async (query: Query) => ({
    open: await query<Transaction>(open, [now()]),
    prepared: await query<Prepared>(prepared, [now()]),
  })
  const found = await reader.read(look)
  return [
    ...found.open.map(({ pid, role, state, minutes }) => ({
      id: 'transaction-open' as const,
      what: `A transaction of ${role} (process ${pid}, ${state}) has been open for ${minutes} minutes.`,
      fix: [sql(`SELECT pg_terminate_backend(${pid})`, { as: 'superuser', note: 'it ends without a commit' })],
    })),
    ...found.prepared.map(({ name, literal, minutes }) => ({
      id: 'transaction-prepared' as const,
      what: `The prepared transaction ${name} has been waiting for ${minutes} minutes.`,
      fix: [sql(`ROLLBACK PREPARED ${literal}`, { as: 'superuser', note: 'or COMMIT PREPARED' })],
    })),
  ]
}

async function wraparound(reader: Reader): Promise<Found<'wraparound-near'>[]> {
  const text = `
    SELECT age(datfrozenxid) AS "age", 3 * current_setting('autovacuum_freeze_max_age')::int AS "limit"
      FROM pg_database WHERE datname = current_database()`
  const [found] = await reader.read((query) => query<{ age: number; limit: number }>(text))
  if (found === undefined || found.age < Math.min(found.limit, 1_000_000_000)) return []
  const what = `Its oldest transaction id is ${found.age.toLocaleString('en')} transactions old, and autovacuum does not keep up.`
  return [
    {
      id: 'wraparound-near',
      what,
      fix: [sql('VACUUM (FREEZE)', { as: 'superuser', note: 'takes long; end old transactions first' })],
    },
  ]
}

async function expiry(reader: Reader, { env }: Examined): Promise<Found<'role-expires'>[]> {
  const text = `
    SELECT rolname::text AS "role", quote_ident(rolname) AS "quoted", to_char(rolvaliduntil, 'YYYY-MM-DD') AS "day" FROM pg_roles
     WHERE rolname IN (current_user, $1) AND rolvaliduntil < now() + interval '30 days'`
  const rows = await reader.read((query) =>
    query<{ role: string; quoted: string; day: string }>(text, [env.BACKEND_DB_ROLE]),
  )
  return rows.map(({ role, quoted, day }) => ({
    id: 'role-expires',
    what: `The password of the role ${role} is valid until ${day}.`,
    fix: [sql(`ALTER ROLE ${quoted} VALID UNTIL 'infinity'`, { as: 'superuser', note: 'or give it a new password' })],
  }))
}
