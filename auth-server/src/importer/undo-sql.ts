import type { ClientBase } from 'pg'
import type { Names } from './names.ts'
import { writtenDigest } from './plan.ts'

/** Why a user of a run stays. */
export const STAYS = {
  'signed-in': 'signed in since',
  password: 'another password since',
  changed: 'changed since',
  'too-old': 'imported longer ago than AUDIT_DAYS: whether they signed in since is not known',
  'app-rows': 'rows of the app, or other data of their own',
} as const
export type Stay = keyof typeof STAYS

/**
 * The users of a run who are here, each with why they stay: null for those who have never been here. A session ends, and
 * what the log has of it is deleted after `auditDays`. A sign-in at a provider changes its account.
 */
export async function findUsers(
  client: ClientBase,
  names: Names,
  { run, auditDays }: { run: number; auditDays: number },
): Promise<void> {
  const { ledger, user, account, session, events, idType } = names
  await client.query('DROP TABLE IF EXISTS pg_temp.undo_user')
  await client.query(
    `CREATE TEMPORARY TABLE undo_user AS
     SELECT u."id" AS id, pg_catalog.row_number() OVER ()::int AS n,
            CASE
              WHEN EXISTS (SELECT FROM ${session} s WHERE s."userId" = u."id")
                OR EXISTS (SELECT FROM ${events} e WHERE e."userId" = u."id"::text AND e."type" NOT IN ('user-created', 'sign-in-failed'))
                OR EXISTS (SELECT FROM ${account} a WHERE a."userId" = u."id" AND a."providerId" <> 'credential'
                     AND (a."createdAt" > l.last OR a."updatedAt" > l.last)) THEN 'signed-in'
              WHEN i."writtenDigest" IS DISTINCT FROM (SELECT ${writtenDigest('a."password"')} FROM ${account} a
                     WHERE a."userId" = u."id" AND a."providerId" = 'credential') THEN 'password'
              WHEN u."updatedAt" > i."importedAt" THEN 'changed'
              WHEN i."importedAt" < pg_catalog.now() - pg_catalog.make_interval(days => $2) THEN 'too-old'
            END AS why
       FROM ${ledger} i JOIN ${user} u ON u."id" = i."userId"::${idType}
       -- Another row may have added a sign-in to this user, a little later.
       JOIN (SELECT i."userId" AS user_id, pg_catalog.max(i."importedAt") AS last FROM ${ledger} i GROUP BY i."userId") l
         ON l.user_id = i."userId"
      WHERE i."run" = $1 AND i."status" <> 'linked'`,
    [run, auditDays],
  )
}

export async function countUsers(client: ClientBase): Promise<{ goes: number; stays: [Stay, number][] }> {
  const { rows } = await client.query<{ why: Stay | null; users: number }>(
    'SELECT why, pg_catalog.count(*)::int AS "users" FROM pg_temp.undo_user GROUP BY why ORDER BY 2 DESC',
  )
  return {
    goes: rows.find(({ why }) => why === null)?.users ?? 0,
    stays: rows.flatMap(({ why, users }): [Stay, number][] => (why === null ? [] : [[why, users]])),
  }
}

export async function nextUsers(
  client: ClientBase,
  after: number,
  limit: number,
): Promise<{ id: string; n: number }[]> {
  const { rows } = await client.query<{ id: string; n: number }>(
    'SELECT id::text AS "id", n FROM pg_temp.undo_user WHERE n > $1 AND why IS NULL ORDER BY n LIMIT $2',
    [after, limit],
  )
  return rows
}

export async function keepUser(client: ClientBase, id: string, why: Stay): Promise<void> {
  await client.query('UPDATE pg_temp.undo_user SET why = $2 WHERE id::text = $1', [id, why])
}

/** With the rows that remember them, so that a later import brings them again. */
export async function deleteUsers(client: ClientBase, names: Names, ids: string[]): Promise<void> {
  const { user, ledger, events, idType } = names
  await client.query(
    `WITH gone AS (DELETE FROM ${user} WHERE "id" = ANY($1::${idType}[]) RETURNING "id"::text AS id),
          forgotten AS (DELETE FROM ${ledger} WHERE "userId" IN (SELECT id FROM gone))
     INSERT INTO ${events} ("type", "userId", "createdAt")
     SELECT 'user-deleted', id, pg_catalog.date_trunc('milliseconds', pg_catalog.now()) FROM gone`,
    [ids],
  )
}

/** Rows that a run left out: they are looked at again by the next one. */
export async function forgetLeftOut(client: ClientBase, { ledger }: Names, run: number): Promise<void> {
  await client.query(`DELETE FROM ${ledger} WHERE "run" = $1 AND "userId" IS NULL`, [run])
}

/**
 * Rows that this connection has lately deleted or changed in other tables than those that an import fills: to be
 * compared with what it was. A cascade also reaches tables that this role may not read, and PostgreSQL counts there too.
 */
export async function touchedRows(client: ClientBase, names: Names): Promise<number> {
  const { rows } = await client.query<{ touched: number }>(
    `SELECT coalesce(pg_catalog.sum(n_tup_del + n_tup_upd), 0)::int AS "touched" FROM pg_catalog.pg_stat_xact_all_tables
      WHERE relid <> ALL ($1::pg_catalog.regclass[]::oid[]) AND schemaname !~ '^pg_'`,
    [names.stored.filled],
  )
  return rows[0]?.touched ?? 0
}

export async function countsRows(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ on: boolean }>(
    `SELECT pg_catalog.current_setting('track_counts') = 'on' AS "on"`,
  )
  return rows[0]?.on === true
}
