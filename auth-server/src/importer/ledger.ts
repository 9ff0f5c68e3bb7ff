import type { ClientBase } from 'pg'
import type { Names } from './names.ts'

/** Under the importer's lock, so no other import takes the same. */
export async function nextRun(client: ClientBase, { ledger }: Names): Promise<number> {
  const { rows } = await client.query<{ run: number }>(
    `SELECT coalesce(pg_catalog.max("run"), 0) + 1 AS "run" FROM ${ledger}`,
  )
  return rows[0]?.run ?? 1
}

export type Run = {
  run: number
  source: string
  first: Date
  users: number
  withoutPassword: number
  banned: number
  notTaken: number
  /** Of the users: deleted here since. */
  gone: number
}

export async function listRuns(client: ClientBase, { ledger, user, idType }: Names): Promise<Run[]> {
  const count = (condition: string) => `(pg_catalog.count(*) FILTER (WHERE ${condition}))::int`
  const { rows } = await client.query<Run>(
    `SELECT i."run", i."source", pg_catalog.min(i."importedAt") AS "first",
            ${count('i."userId" IS NOT NULL')} AS "users", ${count(`i."status" = 'import-no-password'`)} AS "withoutPassword",
            ${count(`i."status" = 'import-banned'`)} AS "banned", ${count('i."userId" IS NULL')} AS "notTaken",
            ${count('i."userId" IS NOT NULL AND u."id" IS NULL')} AS "gone"
       FROM ${ledger} i LEFT JOIN ${user} u ON u."id" = i."userId"::${idType}
      GROUP BY i."run", i."source" ORDER BY i."run"`,
  )
  return rows
}
