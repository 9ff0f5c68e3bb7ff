import type { ClientBase } from 'pg'
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
  { timeZone }: Comparison,
  table: NeededTable,
  existing: FoundColumn,
  column: NeededColumn,
): TypeChange {
  const name = quoted(column.name)
  const inZone = (zone: string) => `${name} AT TIME ZONE ${zone}`
  const readings = [
    inZone("'UTC'"),
    inZone("pg_catalog.current_setting('TimeZone')"),
    ...(timeZone === undefined ? [] : [inZone(timeZone)]),
  ].join(', ')
  const choice = CAUTIOUS[`${table.name}.${column.name}`]
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

/** This process's zone as SQL. By its offset where PostgreSQL does not know its name. */
export async function processTimeZone(client: ClientBase): Promise<string | undefined> {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (/^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/i.test(name)) return undefined
  const known = await client.query('SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1::pg_catalog.text', [name])
  return known.rowCount === 0 ? `INTERVAL '${-new Date().getTimezoneOffset()} minutes'` : literal(name)
}

/** now() + '7 days' stays; a default that computes a local time would write other moments now. */
function timeZoneFree(value: string): string | null {
  return /timestamp without time zone|timezone\(|at time zone|localtime/i.test(value) ? null : value
}
