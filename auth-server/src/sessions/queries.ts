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
  ipAddress: string | null
  userAgent: string | null
  userId: string
  email: string
  emailVerified: boolean
  name: string
  image: string | null
  role: string | null
  banned: boolean | null
  banExpires: Date | null
  userCreatedAt: Date
  userUpdatedAt: Date
}

type QueryEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>

/** Who stands behind a token. Prepared once per connection, except behind a pooler that swaps connections. */
export function selectSession(env: QueryEnv) {
  const text = `
    SELECT now() AS "now", s."id", s."createdAt", s."updatedAt", s."expiresAt", s."ipAddress", s."userAgent",
           u."id" AS "userId", u."email", u."emailVerified", u."name", u."image", u."role", u."banned", u."banExpires",
           u."createdAt" AS "userCreatedAt", u."updatedAt" AS "userUpdatedAt"
      FROM ${tableName(env, 'session')} s JOIN ${tableName(env, 'user')} u ON u."id" = s."userId"
     WHERE s."token" = $1`
  const name = env.DATABASE_POOLER === 'transaction' ? {} : { name: 'session-by-token' }
  return (token: string) => ({ ...name, text, values: [token] })
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
