import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'

/** More than anybody has, but for a program that signs in again for each of its runs. */
const DEVICES_MAX = 100

export type DeviceRow = {
  id: string
  isCurrent: boolean
  impersonatedBy: string | null
  ipAddress: string | null
  userAgent: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  total: number
}

type Named = { text: string; values: unknown[] }
type Caller = { userId: string; sessionId: string }

/** Statements about the sessions of one user. Each names the user: a session of somebody else is none. */
export function deviceQueries(env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const [session, user] = [tableName(env, 'session'), tableName(env, 'user')]

  return {
    /** That of the caller first, then by their last use: the latest of what the database knows, see last-uses.ts. */
    list: ({ userId, sessionId }: Caller): Named => ({
      text: `
        SELECT "id", "id" = $2 AS "isCurrent", "impersonatedBy", "ipAddress", "userAgent", "createdAt", "expiresAt",
               GREATEST("createdAt", "updatedAt", "lastUsedAt") AS "lastUsedAt", (count(*) OVER ())::int AS "total"
          FROM ${session} WHERE "userId" = $1 AND "expiresAt" > now()
         ORDER BY "id" = $2 DESC, GREATEST("createdAt", "updatedAt", "lastUsedAt") DESC, "id" LIMIT ${DEVICES_MAX}`,
      values: [userId, sessionId],
    }),
    /** One after the other: of two sessions that end each other, the first one does. No sign-in waits for it. */
    lockUser: ({ userId }: Caller): Named => ({
      text: `SELECT FROM ${user} WHERE "id" = $1 FOR NO KEY UPDATE`,
      values: [userId],
    }),
    findCurrent: ({ userId, sessionId }: Caller): Named => ({
      text: `SELECT FROM ${session} WHERE "id" = $1 AND "userId" = $2 AND "expiresAt" > now()`,
      values: [sessionId, userId],
    }),
    revoke: ({ userId }: Caller, id: string): Named => ({
      text: `DELETE FROM ${session} WHERE "id" = $1 AND "userId" = $2 AND "expiresAt" > now() RETURNING "userAgent"`,
      values: [id, userId],
    }),
    revokeOthers: ({ userId, sessionId }: Caller): Named => ({
      text: `DELETE FROM ${session} WHERE "id" <> $1 AND "userId" = $2 AND "expiresAt" > now()`,
      values: [sessionId, userId],
    }),
  }
}
