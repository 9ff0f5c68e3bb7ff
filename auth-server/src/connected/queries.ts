import { connectedProviderId, IS_CONNECTED_SERVICE } from '../auth/connected-accounts.ts'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { COMPUTED } from '../sessions/fields.ts'

/** A connection, as the database keeps it: tokens are encrypted. */
export type ConnectionRow = {
  id: string
  userId: string
  providerId: string
  accessToken: string
  refreshToken: string | null
  scope: string | null
  label: string | null
  createdAt: Date
  accessTokenExpiresAt: Date | null
  /** To be refreshed, if it can be. */
  isDue: boolean
  /** No service takes it any more. */
  isOver: boolean
  isRevoked: boolean
}

/** What a process needs to know before it hands a token out. `id` is null where the user has not connected the service. */
export type AskedRow = { isBanned: boolean; isSignedIn: boolean } & (ConnectionRow | { id: null })

export type NewConnection = {
  id: string
  userId: string
  service: string
  accessToken: string
  refreshToken: string | null
  expiresInSeconds: number | null
  scope: string | null
  label: string | null
}

/** How long before its end a token is refreshed: what is handed out must last for a request. Of a short life, a tenth. */
const MARGIN = `least(interval '60 seconds', (a."accessTokenExpiresAt" - a."updatedAt") / 10)`
const COLUMNS = `
  a."id", a."userId", a."providerId", a."accessToken", a."refreshToken", a."scope", a."label", a."createdAt",
  a."accessTokenExpiresAt", coalesce(a."accessTokenExpiresAt" <= now() + ${MARGIN}, false) AS "isDue",
  coalesce(a."accessTokenExpiresAt" <= now(), false) AS "isOver", a."revokedAt" IS NOT NULL AS "isRevoked"`
/** To the millisecond, as better-auth writes times; the lease is also recognized by it. */
const NOW = `date_trunc('milliseconds', now())`

/** All SQL on the rows of `account` that are connected services. */
export function connectionQueries(env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const [account, user, session] = [tableName(env, 'account'), tableName(env, 'user'), tableName(env, 'session')]
  const query = (text: string) => (values: unknown[]) => ({ text, values })
  const list = query(`SELECT ${COLUMNS} FROM ${account} a WHERE a."userId" = $1 AND ${IS_CONNECTED_SERVICE}`)
  const ask = query(`
    SELECT ${COMPUTED.isBanned} AS "isBanned",
           EXISTS (SELECT FROM ${session} s WHERE s."userId" = u."id" AND NOT (${COMPUTED.isOver})
                      AND NOT (${COMPUTED.isHalfSignedIn})) AS "isSignedIn", ${COLUMNS}
      FROM ${user} u LEFT JOIN ${account} a ON a."userId" = u."id" AND a."providerId" = $2 WHERE u."id" = $1`)
  const isSignedIn = query(`
    SELECT FROM ${session} s WHERE s."id" = $1 AND s."userId" = $2 AND NOT (${COMPUTED.isOver}) FOR KEY SHARE`)
  const keep = query(`
    INSERT INTO ${account} ("id", "accountId", "providerId", "userId", "accessToken", "refreshToken",
                            "accessTokenExpiresAt", "scope", "label", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $6, ${NOW} + make_interval(secs => $7), $8, $9, ${NOW}, ${NOW})
    ON CONFLICT ("providerId", "accountId") DO UPDATE
      SET "accessToken" = excluded."accessToken", "refreshToken" = excluded."refreshToken",
          "accessTokenExpiresAt" = excluded."accessTokenExpiresAt", "scope" = excluded."scope", "label" = excluded."label",
          "revokedAt" = NULL, "refreshLeaseUntil" = NULL, "createdAt" = ${NOW}, "updatedAt" = ${NOW}`)
  const remove = query(`
    DELETE FROM ${account} a WHERE a."userId" = $1 AND a."providerId" = $2 RETURNING ${COLUMNS}`)
  const lease = query(`
    UPDATE ${account} a SET "refreshLeaseUntil" = ${NOW} + make_interval(secs => $3)
     WHERE a."id" = $1 AND a."refreshToken" = $2 AND a."revokedAt" IS NULL
       AND coalesce(a."refreshLeaseUntil" <= now(), true)
    RETURNING a."refreshLeaseUntil"`)
  const store = query(`
    UPDATE ${account} a
       SET "accessToken" = $3, "refreshToken" = $4, "accessTokenExpiresAt" = ${NOW} + make_interval(secs => $5),
           "scope" = coalesce($6, a."scope"), "refreshLeaseUntil" = NULL, "updatedAt" = ${NOW}
     WHERE a."id" = $1 AND a."refreshLeaseUntil" = $2`)
  const release = query(`
    UPDATE ${account} a SET "refreshLeaseUntil" = NULL, "revokedAt" = CASE WHEN $3 THEN ${NOW} ELSE a."revokedAt" END
     WHERE a."id" = $1 AND a."refreshLeaseUntil" = $2`)
  const outdated = query(`
    SELECT a."id", a."userId", a."providerId", a."accessToken", a."refreshToken" FROM ${account} a
     WHERE ${IS_CONNECTED_SERVICE} AND a."id" <> ALL($1)
       AND (NOT starts_with(a."accessToken", $2) OR NOT starts_with(a."refreshToken", $2)) LIMIT $3`)
  const reencrypt = query(`
    UPDATE ${account} a SET "accessToken" = $2, "refreshToken" = $3
     WHERE a."id" = $1 AND a."accessToken" = $4 AND a."refreshToken" IS NOT DISTINCT FROM $5`)

  return {
    list: (userId: string) => list([userId]),
    ask: (userId: string, service: string) => ask([userId, connectedProviderId(service)]),
    /** No row where the session is over. */
    isSignedIn: (sessionId: string, userId: string) => isSignedIn([sessionId, userId]),
    /** One row for each user and service, however many are written at once. */
    keep: ({ id, userId, service, ...connection }: NewConnection) =>
      keep([
        ...[id, userId, connectedProviderId(service), userId, connection.accessToken, connection.refreshToken],
        ...[connection.expiresInSeconds, connection.scope, connection.label],
      ]),
    remove: (userId: string, service: string) => remove([userId, connectedProviderId(service)]),
    /** No row where another process refreshes it, or has. */
    lease: ({ id, refreshToken }: Pick<ConnectionRow, 'id' | 'refreshToken'>, seconds: number) =>
      lease([id, refreshToken, seconds]),
    store: (
      id: string,
      until: Date,
      tokens: Pick<NewConnection, 'accessToken' | 'refreshToken' | 'expiresInSeconds' | 'scope'>,
    ) => store([id, until, tokens.accessToken, tokens.refreshToken, tokens.expiresInSeconds, tokens.scope]),
    release: (id: string, until: Date, isRevoked: boolean) => release([id, until, isRevoked]),
    /** Not encrypted with the key that new values get. */
    outdated: (without: readonly string[], prefix: string, limit: number) => outdated([without, prefix, limit]),
    /** No row where it was changed since: then it has the key that new values get. */
    reencrypt: (row: OutdatedRow, accessToken: string, refreshToken: string | null) =>
      reencrypt([row.id, accessToken, refreshToken, row.accessToken, row.refreshToken]),
  }
}

export type OutdatedRow = Pick<ConnectionRow, 'id' | 'userId' | 'providerId' | 'accessToken' | 'refreshToken'>
