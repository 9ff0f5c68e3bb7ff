import type { ClientBase } from 'pg'
import type { Judged } from './judge.ts'
import type { Names } from './names.ts'
import type { ImportOptions } from './options.ts'
import { columns } from './staging.ts'

/** What would be done with each row, before anything is compared with the others and with what is here. */
const TABLE = `
  CREATE TEMPORARY TABLE import_user (
    n int PRIMARY KEY, line bigint NOT NULL, old_id text NOT NULL, user_id text NOT NULL, email text, name text, image text,
    verified boolean, created_at timestamptz, role text, banned boolean NOT NULL, ban_expires timestamptz, password text,
    envelope text, source_digest text, format text, accounts jsonb NOT NULL, outcome text NOT NULL, reasons text[] NOT NULL,
    primary_id text)`

const INSERT = `INSERT INTO pg_temp.import_user
  SELECT n, line, old_id, user_id, email, name, image, verified, created_at, role, banned, ban_expires, password, envelope,
         source_digest, format, accounts, outcome, pg_catalog.string_to_array(reasons, ' '), NULL
    FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
      $9::timestamptz[], $10::text[], $11::boolean[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[],
      $17::jsonb[], $18::text[], $19::text[])
    AS t (n, line, old_id, user_id, email, name, image, verified, created_at, role, banned, ban_expires, password, envelope,
      source_digest, format, accounts, outcome, reasons)`

export async function createPlan(client: ClientBase): Promise<void> {
  await client.query(TABLE)
}

export async function addToPlan(client: ClientBase, judged: readonly (Judged & { n: number; line: number })[]) {
  const lines = judged.map((one) => [
    ...[one.n, one.line, one.oldId, one.userId, one.email, one.name, one.image, one.emailVerified, one.createdAt],
    ...[one.role, one.banned, one.banExpires, one.password, one.envelope, one.sourceDigest, one.format],
    ...[JSON.stringify(one.accounts), one.outcome, one.reasons.join(' ')],
  ])
  await client.query({ name: 'import-judged', text: INSERT, values: columns(lines, 19) })
}

type Decisions = Pick<ImportOptions, 'source' | 'duplicates' | 'isLinking'>

/** Compares the rows with each other and with what is here. Writes only to the plan. */
export async function decide(client: ClientBase, names: Names, decisions: Decisions): Promise<void> {
  await client.query('CREATE INDEX ON pg_temp.import_user (email); ANALYZE pg_temp.import_user')
  // Before they are compared with an earlier run: of two rows with one id, one at most can be the user whom it brought.
  await settleGroups(client, 'old_id', 'same-id', decisions.duplicates)
  await markKnown(client, names, decisions)
  await settle(client, names, decisions)
}

/** Rows that would be written. */
const OPEN = `outcome IN ('import', 'import-no-password', 'import-banned')`

/**
 * A user who was imported and is deleted here stays deleted. A password is taken only for the address that the user has
 * here: another database under the same --source has the same ids for other people.
 */
async function markKnown(
  client: ClientBase,
  { ledger, user, account, idType }: Names,
  { source, duplicates }: Decisions,
): Promise<void> {
  const [otherPerson, reason] = duplicates === 'stop' ? ['conflict', 'other-person'] : ['known', 'other-address']
  await client.query(
    `UPDATE pg_temp.import_user t
        SET outcome = CASE WHEN NOT k.is_new THEN 'known' WHEN k.is_same_person THEN 'updated' ELSE $2 END,
            primary_id = k.user_id,
            reasons = CASE WHEN k.is_gone THEN t.reasons || 'gone-here'::text
                           WHEN k.is_new AND NOT k.is_same_person THEN t.reasons || $3::text
                           WHEN k.is_new OR NOT k.has_changed THEN t.reasons ELSE t.reasons || 'password-kept'::text END
       FROM (SELECT p.n, i."userId" AS user_id, u."id" IS NULL AS is_gone,
                    pg_catalog.lower(u."email") = p.email AS is_same_person,
                    p.source_digest IS DISTINCT FROM i."sourceDigest" AND p.password IS NOT NULL AS has_changed,
                    u."id" IS NOT NULL AND p.password IS NOT NULL AND p.source_digest IS DISTINCT FROM i."sourceDigest"
                      AND i."writtenDigest" IS NOT DISTINCT FROM ${writtenDigest('a."password"')} AS is_new
               FROM pg_temp.import_user p
               JOIN ${ledger} i ON i."source" = $1 AND i."oldId" = p.old_id AND i."userId" IS NOT NULL
               LEFT JOIN ${user} u ON u."id" = i."userId"::${idType}
               LEFT JOIN ${account} a ON a."userId" = u."id" AND a."providerId" = 'credential'
              WHERE p.${OPEN}) k
      WHERE t.n = k.n`,
    [source, otherPerson, reason],
  )
}

/** Of what `account.password` holds: whether it is still what an import wrote. */
export const writtenDigest = (column: string) =>
  `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${column}, 'UTF8')), 'base64')`

async function settle(client: ClientBase, names: Names, { duplicates, isLinking }: Decisions): Promise<void> {
  const { user, account, idType } = names
  await mark(client, `EXISTS (SELECT FROM ${user} u WHERE u."id" = t.user_id::${idType})`, 'conflict', 'id-here')
  if (isLinking) await link(client, names)
  const [outcome, here, accountHere] =
    duplicates === 'stop' ? ['conflict', 'address-here', 'account-here'] : ['skip', 'address-kept', 'account-kept']
  await mark(client, `EXISTS (SELECT FROM ${user} u WHERE pg_catalog.lower(u."email") = t.email)`, outcome, here)
  await settleGroups(client, 'email', 'same-address', duplicates)
  await mark(
    client,
    `accounts <> '[]' AND EXISTS (SELECT FROM ${account} a, pg_catalog.jsonb_to_recordset(t.accounts) AS x ("providerId" text, "accountId" text)
       WHERE a."providerId" = x."providerId" AND a."accountId" = x."accountId")`,
    outcome,
    accountHere,
  )
  await settleAccounts(client, duplicates)
}

async function mark(client: ClientBase, condition: string, outcome = '', reason = ''): Promise<void> {
  await client.query(
    `UPDATE pg_temp.import_user t SET outcome = $1, reasons = t.reasons || $2::text WHERE t.${OPEN} AND ${condition}`,
    [outcome, reason],
  )
}

/** Nobody proved to own an address that is not verified, so a newer row with it takes nothing from an older one. */
const NEWEST_FIRST = 'verified DESC NULLS LAST, created_at DESC NULLS LAST, n DESC'

/**
 * The owner of an address that several rows have: the only one with a password, where the source verified the address. The others only sign in at providers, as Auth0 and Cognito keep them.
 */
const IS_OWNER = `password IS NOT NULL AND coalesce(verified, false)
  AND pg_catalog.count(*) FILTER (WHERE password IS NOT NULL OR accounts = '[]') OVER (PARTITION BY email) = 1`

/** Of rows with one value: all are conflicts, or all are left out, or all but the newest. The owner of an address is neither. */
async function settleGroups(
  client: ClientBase,
  column: 'old_id' | 'email',
  reason: string,
  duplicates: Decisions['duplicates'],
): Promise<void> {
  await client.query(
    `UPDATE pg_temp.import_user t SET outcome = $1, reasons = t.reasons || $2::text
       FROM (SELECT n, pg_catalog.count(*) OVER (PARTITION BY ${column}) AS many,
                    pg_catalog.row_number() OVER (PARTITION BY ${column} ORDER BY ${NEWEST_FIRST}) AS place,
                    ${column === 'email' ? IS_OWNER : 'false'} AS is_owner
               FROM pg_temp.import_user WHERE ${OPEN}) g
      WHERE g.n = t.n AND g.many > 1 AND CASE $3 WHEN 'newest' THEN g.place > 1 ELSE NOT g.is_owner END`,
    [...verdict(duplicates, reason), duplicates],
  )
}

async function settleAccounts(client: ClientBase, duplicates: Decisions['duplicates']): Promise<void> {
  await client.query(
    `UPDATE pg_temp.import_user t SET outcome = $1, reasons = t.reasons || $2::text
       FROM (SELECT DISTINCT n FROM (
               SELECT p.n, pg_catalog.count(*) OVER (PARTITION BY x."providerId", x."accountId") AS many,
                      pg_catalog.row_number() OVER (PARTITION BY x."providerId", x."accountId"
                        ORDER BY ${NEWEST_FIRST}) AS place
                 FROM pg_temp.import_user p
                CROSS JOIN LATERAL pg_catalog.jsonb_to_recordset(p.accounts) AS x ("providerId" text, "accountId" text)
                WHERE p.${OPEN} AND p.accounts <> '[]') s
              WHERE many > 1 AND ($3 <> 'newest' OR place > 1)) g
      WHERE g.n = t.n`,
    [...verdict(duplicates, 'same-account'), duplicates],
  )
}

const verdict = (duplicates: Decisions['duplicates'], reason: string) =>
  duplicates === 'stop' ? ['conflict', reason] : ['skip', 'duplicate-skipped']

/**
 * Rows with one address that the source calls verified in every one of them, and with one password at most: the one with
 * the password, or the oldest, becomes the user, and the others are ways to sign in to it. It may have been imported before,
 * and counts as long as it has that address here.
 */
async function link(client: ClientBase, { user, idType }: Names): Promise<void> {
  await client.query(
    `WITH rows AS (
       SELECT n, email, user_id, password, verified, accounts, created_at, outcome, banned, primary_id
         FROM pg_temp.import_user t WHERE ${OPEN} OR (outcome IN ('known', 'updated') AND EXISTS (
                SELECT FROM ${user} u WHERE u."id" = t.primary_id::${idType} AND pg_catalog.lower(u."email") = t.email))),
     groups AS (
       SELECT email FROM rows GROUP BY email
       HAVING pg_catalog.count(*) > 1 AND pg_catalog.bool_and(coalesce(verified, false))
          AND pg_catalog.count(password) <= 1 AND NOT pg_catalog.bool_or(banned)
          AND pg_catalog.count(*) FILTER (WHERE password IS NULL AND accounts = '[]') = 0
          AND pg_catalog.count(DISTINCT primary_id) <= 1),
     placed AS (
       SELECT r.n, r.outcome,
              pg_catalog.first_value(coalesce(r.primary_id, r.user_id)) OVER w AS primary_id, pg_catalog.row_number() OVER w AS place
         FROM rows r JOIN groups g USING (email)
       WINDOW w AS (PARTITION BY r.email ORDER BY r.primary_id IS NULL, r.password IS NULL, r.created_at NULLS LAST, r.n))
     UPDATE pg_temp.import_user t
        SET outcome = 'linked', primary_id = p.primary_id, reasons = t.reasons || 'linked-account'::text
       FROM placed p WHERE p.n = t.n AND p.place > 1 AND t.${OPEN}`,
  )
}
