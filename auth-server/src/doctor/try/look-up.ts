import { AUDIT_TABLE } from '../../audit/table.ts'
import { tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import type { Query } from '../reader.ts'

export type User = {
  id: string
  email: string
  emailVerified: boolean
  isBanned: boolean
  bannedUntil: Date | null
  twoFactorEnabled: boolean | null
}
export type Account = { id: string; providerId: string; isOfUser: boolean; password: string | null }
export type Counted = { key: string; count: number; lastRequest: number; now: number }
export type Known = {
  user: User
  accounts: Account[]
  passkeys: number
  /** The encrypted secret of the authenticator app; null without one. */
  appSecret: string | null
}
/** Somebody who had the address once. */
export type Former = { userId: string; exists: boolean; at: Date }

const columns = `u."id"::text AS "id", u."email" AS "email", u."emailVerified" AS "emailVerified",
  u."twoFactorEnabled" AS "twoFactorEnabled", u."banExpires" AS "bannedUntil",
  coalesce(u."banned" AND coalesce(u."banExpires" > now(), true), false) AS "isBanned"`

/** As a sign-in does: the address in lower case. */
export async function findUser(query: Query, env: Env, email: string): Promise<User | undefined> {
  const [user] = await query<User>(`SELECT ${columns} FROM ${tableName(env, 'user')} u WHERE u."email" = $1`, [email])
  return user
}

/** Rows that a sign-in never finds: with capitals, or with blanks around. */
export async function findAlike(query: Query, env: Env, email: string): Promise<User[]> {
  const text = `SELECT ${columns} FROM ${tableName(env, 'user')} u
    WHERE lower(regexp_replace(u."email", '[[:space:]]', '', 'g')) = $1 AND u."email" <> $1 LIMIT 5`
  return query<User>(text, [email])
}

export async function knownOf(query: Query, env: Env, user: User): Promise<Known> {
  const text = `SELECT a."id"::text AS "id", a."providerId" AS "providerId", a."password" AS "password",
      a."accountId"::text = a."userId"::text AS "isOfUser" FROM ${tableName(env, 'account')} a WHERE a."userId"::text = $1 ORDER BY a."providerId"`
  const keys = `SELECT count(*)::int AS "count" FROM ${tableName(env, 'passkey')} p WHERE p."userId"::text = $1`
  const app = `SELECT f."secret" AS "secret" FROM ${tableName(env, 'twoFactor')} f WHERE f."userId"::text = $1`
  const accounts = await query<Account>(text, [user.id])
  const [passkeys] = await query<{ count: number }>(keys, [user.id])
  const [found] = await query<{ secret: string }>(app, [user.id])
  return { user, accounts, passkeys: passkeys?.count ?? 0, appSecret: found?.secret ?? null }
}

/** Rows of the rate limit that are there; by the database's clock. */
export async function countsOf(query: Query, env: Env, keys: readonly string[]): Promise<Counted[]> {
  const text = `SELECT r."key" AS "key", r."count"::int AS "count", r."lastRequest"::float8 AS "lastRequest",
      floor(date_part('epoch', clock_timestamp()) * 1000)::float8 AS "now" FROM ${tableName(env, 'rateLimit')} r WHERE r."key" = ANY ($1)`
  return query<Counted>(text, [keys])
}

/** By what was recorded of changed addresses, for as long as AUDIT_DAYS. */
export async function findFormer(query: Query, env: Env, email: string): Promise<Former | undefined> {
  const text = `
    SELECT e."userId"::text AS "userId", e."createdAt" AS "at",
           EXISTS (SELECT FROM ${tableName(env, 'user')} u WHERE u."id"::text = e."userId") AS "exists"
      FROM ${tableName(env, AUDIT_TABLE)} e
     WHERE e."type" = 'email-changed' AND (e."details" ->> 'from' = $1 OR e."details" ->> 'to' = $1)
     ORDER BY e."createdAt" DESC LIMIT 1`
  return (await query<Former>(text, [email]))[0]
}

export async function countDeleted(query: Query, env: Env): Promise<number> {
  const text = `SELECT count(*)::int AS "count" FROM (SELECT FROM ${tableName(env, AUDIT_TABLE)} e WHERE e."type" = 'user-deleted' LIMIT 1000) d`
  return (await query<{ count: number }>(text))[0]?.count ?? 0
}
