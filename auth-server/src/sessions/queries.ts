import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'

/** better-auth's defaults, which auth/options.ts states too: a session lasts a week and slides once a day. */
export const EXPIRES_IN_SECONDS = 7 * 24 * 60 * 60
export const UPDATE_AGE_SECONDS = 24 * 60 * 60

export type SessionRow = {
  /** The database's clock, see docs/decisions: the one clock that all servers share. */
  now: Date
  id: string
  createdAt: Date
  updatedAt: Date
  expiresAt: Date
  isOver: boolean
  ipAddress: string | null
  userAgent: string | null
  userId: string
  email: string
  emailVerified: boolean
  name: string
  image: string | null
  role: string | null
  isBanned: boolean
  userCreatedAt: Date
  userUpdatedAt: Date
}
type Times = 'now' | 'createdAt' | 'updatedAt' | 'expiresAt' | 'userCreatedAt' | 'userUpdatedAt'
export type FoundSession = { found: Omit<SessionRow, Times> & Record<Times, string> }

type QueryEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>

/**
 * Who stands behind a token. Prepared once per connection, except behind a pooler that swaps connections. One column of
 * JSON: pg reads the description of every column anew with each answer, and that costs more than all it describes.
 */
export function selectSession(env: QueryEnv) {
  const text = `
    SELECT row_to_json(r) AS "found" FROM (
      SELECT now() AS "now", s."id", s."createdAt", s."updatedAt", s."expiresAt", s."expiresAt" <= now() AS "isOver",
             s."ipAddress", s."userAgent", u."id" AS "userId", u."email", u."emailVerified", u."name", u."image", u."role",
             coalesce(u."banned" AND coalesce(u."banExpires" > now(), true), false) AS "isBanned",
             u."createdAt" AS "userCreatedAt", u."updatedAt" AS "userUpdatedAt"
        FROM ${tableName(env, 'session')} s JOIN ${tableName(env, 'user')} u ON u."id" = s."userId"
       WHERE s."token" = $1) r`
  const name = env.DATABASE_POOLER === 'transaction' ? undefined : 'session-by-token'
  return (token: string) => ({ name, text, values: [token] })
}

export function toSessionRow({ found }: FoundSession): SessionRow {
  return {
    ...found,
    now: new Date(found.now),
    createdAt: toDate(found.createdAt),
    updatedAt: toDate(found.updatedAt),
    expiresAt: toDate(found.expiresAt),
    userCreatedAt: toDate(found.userCreatedAt),
    userUpdatedAt: toDate(found.userUpdatedAt),
  }
}

/** PostgreSQL knows times that nobody else can write down. */
function toDate(timestamp: string): Date {
  if (timestamp === 'infinity') return new Date('9999-12-31T23:59:59.999Z')
  return new Date(timestamp === '-infinity' ? 0 : timestamp)
}

/**
 * Extends a session that is due and still there. Of racing requests one writes and the others skip the locked row, so
 * nobody waits for a row lock; a row that a sign-out deleted is not found, and an UPDATE cannot bring it back.
 */
export function extendSession(env: QueryEnv) {
  const session = tableName(env, 'session')
  const text = `
    UPDATE ${session}
       SET "expiresAt" = date_trunc('milliseconds', now()) + make_interval(secs => $2),
           "updatedAt" = date_trunc('milliseconds', now())
     WHERE "id" = (SELECT "id" FROM ${session}
                    WHERE "token" = $1 AND "expiresAt" > now() AND "expiresAt" <= now() + make_interval(secs => $3)
                      FOR UPDATE SKIP LOCKED)
    RETURNING "expiresAt", "updatedAt"`
  return (token: string) => ({ text, values: [token, EXPIRES_IN_SECONDS, EXPIRES_IN_SECONDS - UPDATE_AGE_SECONDS] })
}
