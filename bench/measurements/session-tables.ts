import { createHash } from 'node:crypto'
import type { Database } from '../processes/database.ts'

/** How many sessions each user has. */
const SESSIONS_EACH = 10
const PARALLEL = 2

/**
 * A schema with so many sessions in tables like the real ones, filled by SQL. It has the two indexes that a check reads.
 * Indexes come after the rows, and nothing goes to the write-ahead log: that takes a tenth of the time.
 */
export async function makeSessions({ sql }: Database, schema: string, count: number): Promise<void> {
  const users = count / SESSIONS_EACH
  const table = (name: string) => `${schema}."${name}"`
  await sql(`CREATE SCHEMA ${schema};
    CREATE UNLOGGED TABLE ${table('user')} (LIKE public."user" INCLUDING DEFAULTS);
    CREATE UNLOGGED TABLE ${table('session')} (LIKE public."session" INCLUDING DEFAULTS)`)

  const step = count / PARALLEL
  const parts = Array.from({ length: PARALLEL }, (_, part) => [part * step, (part + 1) * step - 1])
  await Promise.all([
    ...parts.map(([first, last]) =>
      sql(`INSERT INTO ${table('session')}
          ("id", "token", "userId", "createdAt", "updatedAt", "expiresAt", "ipAddress", "userAgent")
        SELECT md5('session' || i), ${tokenSql(count)}, 'user-' || (i * 7919::bigint) % ${users}, now(), now(),
               now() + interval '7 days', '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0'
          FROM generate_series(${first}, ${last}) i`),
    ),
  ])
  await sql(`INSERT INTO ${table('user')} ("id", "name", "email", "emailVerified")
    SELECT 'user-' || i, 'User ' || i, 'user-' || i || '@example.com', true FROM generate_series(0, ${users - 1}) i`)

  const memory = "SET maintenance_work_mem = '512MB';"
  await sql(`${memory} CREATE UNIQUE INDEX ON ${table('session')} ("token")`)
  await sql(`${memory} CREATE UNIQUE INDEX ON ${table('user')} ("id")`)
  await sql(`VACUUM ANALYZE ${table('session')}`)
  await sql(`VACUUM ANALYZE ${table('user')}`)
}

/**
 * 32 characters, as better-auth makes them. Rising with `i`, so that building the index does not have to sort, and
 * spread evenly, so that looking up any of them touches a page that was not touched lately.
 */
function tokenSql(count: number): string {
  return `lpad(to_hex(i * ${spacing(count)}::bigint), 8, '0') || left(md5('token' || i), 24)`
}

/** The token of session number `i`, as in `tokenSql`. */
export function tokenOf(i: number, count: number): string {
  const rest = createHash('md5').update(`token${i}`).digest('hex').slice(0, 24)
  return (i * spacing(count)).toString(16).padStart(8, '0') + rest
}

const spacing = (count: number) => Math.floor(2 ** 32 / count)
