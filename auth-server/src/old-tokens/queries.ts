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

/** To the millisecond, as the other tables have it. */
const NOW = `date_trunc('milliseconds', now())`
/**
 * For how long an end is kept: longer than the oldest token that any setting accepts (OLD_TOKENS_MAX_AGE_HOURS). Not by the settings of
 * today: whoever raises one of them must not bring back what has ended.
 */
const KEPT = `interval '400 days'`

/** Statements about old tokens, each complete for itself: none needs a transaction. */
export function oldTokenQueries(env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER' | 'oldTokens' | 'userFields'>) {
  const returned = returnedUser(env)
  const [user, session, end] = ['user', 'session', OLD_TOKEN_TABLE].map((table) => tableName(env, table))

  const unlessStandby = env.DATABASE_POOLER === 'transaction' ? UNLESS_STANDBY : ''

  /**
   * All tokens of a user have ended, whenever they were issued: the old system goes on issuing them, to whoever has the old password or a
   * refresh token from before.
   */
  const isOfAll = `e."issuedBefore" IS NOT NULL`

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
                          AND (e."tokenId" = $2 OR ${isOfAll})) AS "isEnded", ${returned.columns.join(', ')}
            FROM ${user} u WHERE u."id" = $1) r`,
      values: [userId, token.id],
    }),

    /** Of any number of requests with one token, one inserts a row. */
    claim: ({ id }: ReadToken, userId: string): QueryConfig => ({
      text: announced(`
        INSERT INTO ${end} ("userId", "tokenId", "expiresAt", "createdAt")
        SELECT u."id", $2::text, ${NOW} + ${KEPT}, ${NOW} FROM ${user} u WHERE u."id" = $3 ON CONFLICT DO NOTHING`),
      values: [env.AUTH_DB_SCHEMA, id, userId],
    }),

    nameSession: ({ id }: ReadToken, sessionId: string): QueryConfig => ({
      text: `UPDATE ${end} SET "sessionId" = $2 WHERE "tokenId" = $1`,
      values: [id, sessionId],
    }),

    /** The session, if all of the user's ended while it was made: then it is gone. */
    dropEnded: (sessionId: string): QueryConfig => ({
      text: `
        DELETE FROM ${session} s WHERE s."id" = $1 AND EXISTS (
          SELECT FROM ${end} e WHERE e."userId" = s."userId" AND ${isOfAll})`,
      values: [sessionId],
    }),

    /** Kept beyond the end of all old tokens: until then the old system may issue more. */
    endAll: (userId: string, until: Date): QueryConfig => ({
      text: announced(`
        INSERT INTO ${end} ("userId", "issuedBefore", "expiresAt", "createdAt")
        SELECT u."id", ${NOW}, greatest(${NOW}, $2::timestamptz) + ${KEPT}, ${NOW} FROM ${user} u WHERE u."id" = $3`),
      values: [env.AUTH_DB_SCHEMA, until, userId],
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
