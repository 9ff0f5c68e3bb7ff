import pg from 'pg'
import type { Env } from '../../env.ts'
import { unpinnedOptions } from '../pools.ts'
import { type Comparison, literal, quoted } from './ddl.ts'
import type { FoundColumn } from './inspect.ts'
import type { NeededColumn, NeededTable } from './needed.ts'

/** To another type of a column. `default`: what to set then, null for none; absent where it stays as it is. */
export type TypeChange = { type: string; using: string; default?: string | null; note?: string }

/**
 * A `timestamp` without time zone means another moment in every zone, so it cannot stay. Prisma and Drizzle write UTC.
 * better-auth on a plain pg connection writes the local time of its process, and a DEFAULT of the database writes its
 * zone: where those are not UTC, an end is read as the earliest of the three. Nothing lives longer than it was meant to.
 */
export function withTimeZone(
  { timeZones }: Comparison,
  table: NeededTable,
  existing: FoundColumn,
  column: NeededColumn,
): TypeChange {
  const name = quoted(column.name)
  const inZone = (zone: string) => `${name} AT TIME ZONE ${zone}`
  const readings = ["'UTC'", ...timeZones].map(inZone).join(', ')
  const choice = CAUTIOUS[`${table.model}.${column.field}`]
  return {
    type: 'timestamptz',
    using: choice ? `${choice}(${readings})` : inZone("'UTC'"),
    note: 'without a time zone: its values are taken for UTC',
    ...(existing.default !== null && { default: column.default ?? timeZoneFree(existing.default) }),
  }
}

/** The earliest end of what gives access, the latest end of what takes it away. */
const CAUTIOUS: Record<string, 'LEAST' | 'GREATEST'> = {
  'session.expiresAt': 'LEAST',
  'verification.expiresAt': 'LEAST',
  'user.banExpires': 'GREATEST',
}

/** The zones, as SQL, in which this process and the database may have written local times, besides UTC. */
export async function localTimeZones(client: pg.ClientBase, env: Env): Promise<string[]> {
  const zones = await Promise.all([processTimeZone(client), databaseTimeZone(env)])
  return zones.filter((zone) => zone !== undefined)
}

/** What a connection is given that does not set its own zone, as ours do. */
async function databaseTimeZone(env: Env): Promise<string> {
  const client = new pg.Client({
    ...unpinnedOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT),
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined) // the statement that waits tells its caller
  await client.connect()
  try {
    return literal(await currentZone(client))
  } finally {
    await client.end()
  }
}

/** Again where a timeout of the role's own cancels it: this connection has what others have, that too. */
async function currentZone(client: pg.Client, tries = 50): Promise<string> {
  try {
    const { rows } = await client.query<{ zone: string }>(`SELECT pg_catalog.current_setting('TimeZone') AS "zone"`)
    return rows[0]?.zone ?? 'UTC'
  } catch (error) {
    const isCancelled = error instanceof pg.DatabaseError && error.code === '57014'
    if (!isCancelled || tries <= 1) throw error
    return currentZone(client, tries - 1)
  }
}

/** By its offset where PostgreSQL does not know its name. */
async function processTimeZone(client: pg.ClientBase): Promise<string | undefined> {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (/^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/i.test(name)) return undefined
  const known = await client.query('SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1::pg_catalog.text', [name])
  return known.rowCount === 0 ? `INTERVAL '${-new Date().getTimezoneOffset()} minutes'` : literal(name)
}

/** now() + '7 days' stays; a default that computes a local time would write other moments now. */
function timeZoneFree(value: string): string | null {
  return /timestamp without time zone|timezone\(|at time zone|localtime/i.test(value) ? null : value
}
