import type { QueryConfig } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { CHANNEL } from '../revocation/protocol.ts'
import { COMPUTED } from '../sessions/fields.ts'
import { type Json, returnedUser, UNLESS_STANDBY } from '../sessions/queries.ts'
import type { ReadToken } from './claims.ts'
import { OLD_TOKEN_TABLE } from './table.ts'

export type FoundUser = {
  found: { isBanned: boolean; hasSecondFactor: boolean; isEnded: boolean } & Record<string, Json>
}

type Ended = { userId: string; expiresAt: Date }

/** To the millisecond, as the other tables have it. */
const NOW = `date_trunc('milliseconds', now())`

/** Statements about old tokens, each complete for itself: none needs a transaction. */
export function oldTokenQueries(env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER' | 'oldTokens' | 'userFields'>) {
  const returned = returnedUser(env)
  const [user, session, end] = ['user', 'session', OLD_TOKEN_TABLE].map((table) => tableName(env, table))
  const leewayMs = (env.oldTokens?.leewaySeconds ?? 0) * 1000

  const unlessStandby = env.DATABASE_POOLER === 'transaction' ? UNLESS_STANDBY : ''

  /** Without a time of issue, a token may be as old as any: whatever ended, ended it. An issuer's clock may be fast. */
  const issuedAt = (token: ReadToken) => new Date((token.issuedAt?.getTime() ?? leewayMs) - leewayMs)

  /** Services forget this user with the commit, as they do when a trigger announces it (revocation/triggers.ts). */
  const announced = (insert: string) => `
    WITH e AS (${insert} RETURNING "userId" AS "userId")
    SELECT pg_notify('${CHANNEL}', json_build_object('schema', $1::text, 'user', e."userId")::text) FROM e`

  return {
    readUser: returned.read,
    /** The id here of a user whom an import brought. A statement of its own: the id may be of another type than the ledger's. */
    imported: (source: string, { userId }: ReadToken): QueryConfig => ({
      text: `SELECT "userId" FROM ${tableName(env, 'auth_import')} WHERE "source" = $1 AND "oldId" = $2`,
      values: [source, userId],
    }),

    find: (token: ReadToken, userId: string): QueryConfig => ({
      text: `
        ${unlessStandby}SELECT row_to_json(r) AS "found" FROM (
          SELECT ${COMPUTED.isBanned} AS "isBanned", coalesce(u."twoFactorEnabled", false) AS "hasSecondFactor",
                 EXISTS (SELECT FROM ${end} e WHERE e."userId" = u."id"
                          AND (e."tokenId" = $2 OR e."issuedBefore" >= $3)) AS "isEnded", ${returned.columns.join(', ')}
            FROM ${user} u WHERE u."id" = $1) r`,
      values: [userId, token.id, issuedAt(token)],
    }),

    /** Of any number of requests with one token, one inserts a row. */
    claim: ({ id, expiresAt }: ReadToken, userId: string): QueryConfig => ({
      text: announced(`
        INSERT INTO ${end} ("userId", "tokenId", "expiresAt", "createdAt")
        SELECT u."id", $2::text, $3::timestamptz, ${NOW} FROM ${user} u WHERE u."id" = $4 ON CONFLICT DO NOTHING`),
      values: [env.AUTH_DB_SCHEMA, id, expiresAt, userId],
    }),

    nameSession: ({ id }: ReadToken, sessionId: string): QueryConfig => ({
      text: `UPDATE ${end} SET "sessionId" = $2 WHERE "tokenId" = $1`,
      values: [id, sessionId],
    }),

    /** The session, if all of the user's ended while it was made: then it is gone. */
    dropEnded: (token: ReadToken, sessionId: string): QueryConfig => ({
      text: `
        DELETE FROM ${session} s WHERE s."id" = $1 AND EXISTS (
          SELECT FROM ${end} e WHERE e."userId" = s."userId" AND e."issuedBefore" >= $2)`,
      values: [sessionId, issuedAt(token)],
    }),

    /** Whatever the user was given before now. */
    endAll: ({ userId, expiresAt }: Ended): QueryConfig => ({
      text: announced(`
        INSERT INTO ${end} ("userId", "issuedBefore", "expiresAt", "createdAt")
        SELECT u."id", ${NOW}, $2::timestamptz, ${NOW} FROM ${user} u WHERE u."id" = $3`),
      values: [env.AUTH_DB_SCHEMA, expiresAt, userId],
    }),

    /** Sessions that were exchanged for one of them meanwhile, but that of the caller. */
    endExchanged: (userId: string, callersSession: string | null): QueryConfig => ({
      text: `
        DELETE FROM ${session} s USING ${end} e
         WHERE e."userId" = $1 AND e."sessionId" = s."id" AND s."id" IS DISTINCT FROM $2`,
      values: [userId, callersSession],
    }),
  }
}
