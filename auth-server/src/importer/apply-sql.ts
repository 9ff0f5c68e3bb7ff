import type { Batch } from './apply.ts'
import { writtenDigest } from './plan.ts'

export const BATCH_ROWS = 500

/** `lost`: an account appeared here between the plan and now, and has the address or the id. */
export type BatchResult = { written: number; lost: number }

/** To the millisecond, as better-auth writes times. */
const NOW = `pg_catalog.date_trunc('milliseconds', pg_catalog.now())`

/** The rows from $1 to $2, with what is stored of their passwords: $3 and $4 are those that were wrapped. */
const batch = (outcomes: string) => `batch AS MATERIALIZED (
  SELECT t.*, coalesce(w.stored, t.password) AS stored
    FROM pg_temp.import_user t LEFT JOIN unnest($3::int[], $4::text[]) AS w (n, stored) ON w.n = t.n
   WHERE t.n > $1 AND t.n <= $2 AND t.outcome IN (${outcomes}))`
const valuesOf = ({ after, last, stored }: Batch) => [after, last, stored.rows, stored.hashes]

const accountsOf = (rows: string, userId: string, on: string) => `
  SELECT pg_catalog.gen_random_uuid(), x."accountId", x."providerId", ${userId}, ${NOW}, ${NOW}
    FROM ${rows} ${on} CROSS JOIN LATERAL pg_catalog.jsonb_to_recordset(b.accounts) AS x ("providerId" text, "accountId" text)
      ON CONFLICT DO NOTHING`

/** Users, their ways to sign in, the event, and for every row what became of it. One statement, so one round trip. */
export async function writeUsers(given: Batch): Promise<BatchResult> {
  const { client, names, source, run } = given
  const { user, account, events, ledger, idType } = names
  const id = `b.user_id::${idType}`
  // A row that is left out may have the same id.
  const isMade = `m."id" = ${id} AND b.outcome <> 'skip'`
  const { rows } = await client.query<{ planned: number; made: number }>({
    name: 'import-write',
    text: `WITH ${batch(`'import', 'import-no-password', 'import-banned', 'skip'`)},
      made AS (
        INSERT INTO ${user} ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt", "role", "banned", "banExpires")
        SELECT ${id}, b.name, b.email, coalesce(b.verified, false), b.image, coalesce(b.created_at, ${NOW}), ${NOW},
               coalesce(b.role, 'user'), b.banned, b.ban_expires
          FROM batch b WHERE b.outcome <> 'skip' ON CONFLICT DO NOTHING RETURNING "id"),
      credentials AS (
        INSERT INTO ${account} ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        SELECT pg_catalog.gen_random_uuid(), b.user_id, 'credential', m."id", b.stored, ${NOW}, ${NOW}
          FROM batch b JOIN made m ON ${isMade} WHERE b.stored IS NOT NULL ON CONFLICT DO NOTHING),
      accounts AS (
        INSERT INTO ${account} ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
        ${accountsOf('batch b', 'm."id"', `JOIN made m ON ${isMade}`)}),
      recorded AS (
        INSERT INTO ${events} ("type", "userId", "createdAt")
        SELECT 'user-created', b.user_id, ${NOW} FROM batch b JOIN made m ON ${isMade}),
      kept AS (
        INSERT INTO ${ledger} AS i ("source", "oldId", "userId", "status", "reason", "run", "sourceDigest", "writtenDigest")
        SELECT DISTINCT ON (b.old_id) $5, b.old_id, CASE WHEN m."id" IS NULL THEN NULL ELSE b.user_id END,
               CASE WHEN m."id" IS NULL AND b.outcome <> 'skip' THEN 'conflict' ELSE b.outcome END,
               CASE WHEN m."id" IS NULL AND b.outcome <> 'skip' THEN 'address-here' ELSE pg_catalog.array_to_string(b.reasons, ' ') END,
               $6::int, CASE WHEN m."id" IS NULL THEN NULL ELSE b.source_digest END,
               CASE WHEN m."id" IS NULL THEN NULL ELSE ${writtenDigest('b.stored')} END
          FROM batch b LEFT JOIN made m ON ${isMade}
         WHERE NOT 'bad-id' = ANY (b.reasons)
         ORDER BY b.old_id, b.outcome = 'skip', b.n
            ON CONFLICT ("source", "oldId") DO UPDATE
           SET "userId" = excluded."userId", "status" = excluded."status", "reason" = excluded."reason", "run" = excluded."run",
               "sourceDigest" = excluded."sourceDigest", "writtenDigest" = excluded."writtenDigest", "importedAt" = excluded."importedAt"
         WHERE i."userId" IS NULL AND (excluded."userId" IS NOT NULL OR (i."status", i."reason") IS DISTINCT FROM (excluded."status", excluded."reason")))
      SELECT (SELECT pg_catalog.count(*)::int FROM batch WHERE outcome <> 'skip') AS "planned",
             (SELECT pg_catalog.count(*)::int FROM made) AS "made"`,
    values: [...valuesOf(given), source, run],
  })
  const { planned = 0, made = 0 } = rows[0] ?? {}
  if (made < planned) await markLost(given)
  return { written: made, lost: planned - made }
}

/** For the report: what auth_import has of them already. */
async function markLost({ client, names, after, last, source }: Batch): Promise<void> {
  await client.query(
    `UPDATE pg_temp.import_user t SET outcome = 'conflict', reasons = t.reasons || 'address-here'::text
       FROM ${names.ledger} i
      WHERE t.n > $1 AND t.n <= $2 AND t.outcome <> 'skip' AND i."source" = $3 AND i."oldId" = t.old_id AND i."userId" IS NULL`,
    [after, last, source],
  )
}

/** Ways to sign in of users who are there by now. */
export async function linkAccounts(given: Batch): Promise<BatchResult> {
  const { client, names, source, run } = given
  const { rowCount } = await client.query({
    name: 'import-link',
    text: `WITH ${batch(`'linked'`)},
      there AS (SELECT b.*, u."id" AS target FROM batch b JOIN ${names.user} u ON u."id" = b.primary_id::${names.idType}),
      accounts AS (
        INSERT INTO ${names.account} ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
        ${accountsOf('there b', 'b.target', '')})
      INSERT INTO ${names.ledger} AS i ("source", "oldId", "userId", "status", "reason", "run")
      SELECT $5, b.old_id, b.primary_id, 'linked', pg_catalog.array_to_string(b.reasons, ' '), $6 FROM there b
          ON CONFLICT ("source", "oldId") DO UPDATE
         SET "userId" = excluded."userId", "status" = excluded."status", "reason" = excluded."reason", "run" = excluded."run",
             "importedAt" = excluded."importedAt"`,
    values: [...valuesOf(given), source, run],
  })
  return { written: rowCount ?? 0, lost: 0 }
}

/** Only while ours is still the one that was imported, and the user has the row's address. */
export async function replacePasswords(given: Batch): Promise<BatchResult> {
  const { client, names, source } = given
  const { rowCount } = await client.query({
    name: 'import-replace',
    text: `WITH ${batch(`'updated'`)},
      replaced AS (
        UPDATE ${names.account} a SET "password" = b.stored, "updatedAt" = ${NOW}
          FROM batch b JOIN ${names.ledger} i ON i."source" = $5 AND i."oldId" = b.old_id
          JOIN ${names.user} u ON u."id" = b.primary_id::${names.idType} AND pg_catalog.lower(u."email") = b.email
         WHERE a."userId" = b.primary_id::${names.idType} AND a."providerId" = 'credential' AND b.stored IS NOT NULL
           AND i."writtenDigest" = ${writtenDigest('a."password"')}
        RETURNING i."id" AS "row", b.source_digest, b.stored)
      UPDATE ${names.ledger} i SET "sourceDigest" = r.source_digest, "writtenDigest" = ${writtenDigest('r.stored')}
        FROM replaced r WHERE r."row" = i."id"`,
    values: [...valuesOf(given), source],
  })
  return { written: rowCount ?? 0, lost: 0 }
}

/** For users who came without a password, and have none yet. */
export async function addCredentials(given: Batch): Promise<BatchResult> {
  const { client, names, source } = given
  const { rowCount } = await client.query({
    name: 'import-add',
    text: `WITH ${batch(`'updated'`)},
      added AS (
        INSERT INTO ${names.account} ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        SELECT pg_catalog.gen_random_uuid(), b.primary_id, 'credential', u."id", b.stored, ${NOW}, ${NOW}
          FROM batch b JOIN ${names.ledger} i ON i."source" = $5 AND i."oldId" = b.old_id AND i."writtenDigest" IS NULL
          JOIN ${names.user} u ON u."id" = b.primary_id::${names.idType} AND pg_catalog.lower(u."email") = b.email
         WHERE b.stored IS NOT NULL
           AND NOT EXISTS (SELECT FROM ${names.account} a WHERE a."userId" = u."id" AND a."providerId" = 'credential')
            ON CONFLICT DO NOTHING RETURNING "userId" AS "userId")
      UPDATE ${names.ledger} i
         SET "sourceDigest" = b.source_digest, "writtenDigest" = ${writtenDigest('b.stored')},
             "status" = CASE i."status" WHEN 'import-no-password' THEN 'import' ELSE i."status" END
        FROM batch b JOIN added d ON d."userId" = b.primary_id::${names.idType}
       WHERE i."source" = $5 AND i."oldId" = b.old_id`,
    values: [...valuesOf(given), source],
  })
  return { written: rowCount ?? 0, lost: 0 }
}
