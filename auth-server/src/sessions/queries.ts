import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { COMPUTED, returnedFields, type SessionFields, type UserFields } from './fields.ts'

/** `fields`: those of AUTH_USER_FIELDS that services see; left out where there are none. */
export type IdentifiedUser = UserFields & { fields?: Record<string, Json> }

/** The session behind a token, its user, and what the database says about them at this moment. */
export type SessionRow = {
  /** By the database's clock, which all servers share: docs/decisions/0009-one-clock-for-sessions.md. */
  now: Date
  isOver: boolean
  isBanned: boolean
  isHalfSignedIn: boolean
  session: SessionFields
  user: IdentifiedUser
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type FoundSession = {
  found: { now: string; isOver: boolean; isBanned: boolean; isHalfSignedIn: boolean } & Record<string, Json>
}
/** Instead of, or before, what a standby knows of a session: it lags behind. */
export type FoundStandby = { found: { isStandby: true } }

export type QueryEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER' | 'userFields'>

const FIELDS = [...fieldsOf('session', 's'), ...fieldsOf('user', 'u')]
const SESSION = FIELDS.filter(({ table }) => table === 'session')
const USER = FIELDS.filter(({ table }) => table === 'user')

function fieldsOf(table: 'session' | 'user', as: string) {
  return returnedFields(table).map(({ name, isTime }) => ({ table, name, isTime, as, key: `${table}.${name}` }))
}

export const UNLESS_STANDBY =
  'SELECT row_to_json(s) AS "found" FROM (SELECT true AS "isStandby") s WHERE pg_catalog.pg_is_in_recovery() UNION ALL '

/**
 * Prepared once for each connection, except behind a pooler that swaps connections: there each statement may reach another
 * server, and asks whether that is a standby. One column of JSON: pg reads the description of every column with each
 * result, and that costs more than all it describes.
 */
export function selectSession(env: QueryEnv) {
  const columns = [
    ...visibleFields(env).map(({ name, key }) => `u."${name}" AS "${key}"`),
    ...Object.entries(COMPUTED).map(([name, sql]) => `${sql} AS "${name}"`),
    ...FIELDS.map(({ as, name, key }) => `${as}."${name}" AS "${key}"`),
  ]
  const text = `
    SELECT row_to_json(r) AS "found" FROM (
      SELECT ${columns.join(', ')}
        FROM ${tableName(env, 'session')} s JOIN ${tableName(env, 'user')} u ON u."id" = s."userId"
       WHERE s."token" = $1) r`
  if (env.DATABASE_POOLER === 'transaction') {
    return (token: string) => ({ name: undefined, text: UNLESS_STANDBY + text, values: [token] })
  }
  return (token: string) => ({ name: 'session-by-token', text, values: [token] })
}

export function isFromPrimary<Row extends { found: object }>(
  row: Row | FoundStandby | undefined,
): row is Row | undefined {
  return row === undefined || !('isStandby' in row.found)
}

/** Of AUTH_USER_FIELDS: those that services see. */
function visibleFields({ userFields }: Pick<Env, 'userFields'>) {
  const visible = userFields.filter(({ services }) => services)
  return visible.map(({ name, type }) => ({ name, isTime: type === 'date', key: `user.fields.${name}` }))
}

/** What a check returns of a user, for a statement about `u`, and as it is read from its row. */
export function returnedUser(env: Pick<Env, 'userFields'>) {
  const visible = visibleFields(env)
  const columns = [...USER, ...visible].map(({ name, key }) => `u."${name}" AS "${key}"`)
  const read = (found: Record<string, Json>): IdentifiedUser => {
    const user = valuesOf(USER, found) as UserFields
    return visible.length === 0 ? user : { ...user, fields: valuesOf(visible, found) }
  }
  return { columns, read }
}

type ReadUser = ReturnType<typeof returnedUser>['read']

export function toSessionRow({ found }: FoundSession, readUser: ReadUser): SessionRow {
  return {
    now: new Date(found.now),
    isOver: found.isOver,
    isBanned: found.isBanned,
    isHalfSignedIn: found.isHalfSignedIn,
    session: valuesOf(SESSION, found) as SessionFields,
    user: readUser(found),
  }
}

type Returned = Pick<(typeof FIELDS)[number], 'name' | 'key' | 'isTime'>

function valuesOf(fields: readonly Returned[], found: Record<string, Json>): Record<string, Json> {
  const values: Record<string, Json> = {}
  for (const { name, key, isTime } of fields) {
    const value = found[key] ?? null
    values[name] = isTime && typeof value === 'string' ? toIso(value) : value
  }
  return values
}

/** As PostgreSQL writes nearly all of them; to make a Date of each costs several times as much. */
const UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\d*\+00:00$/

const [EARLIEST, LATEST] = ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']

/** PostgreSQL has times that ISO 8601 cannot write: the farthest that it can write stand for them. Never throws. */
function toIso(timestamp: string): string {
  const [, time] = UTC.exec(timestamp) ?? []
  if (time !== undefined) return `${time}Z`
  if (timestamp === '-infinity') return new Date(0).toISOString()
  if (timestamp.endsWith(' BC')) return EARLIEST
  const milliseconds = Date.parse(timestamp)
  // "infinity", or a year of five digits.
  if (Number.isNaN(milliseconds)) return LATEST
  return new Date(Math.min(Math.max(milliseconds, Date.parse(EARLIEST)), Date.parse(LATEST))).toISOString()
}
