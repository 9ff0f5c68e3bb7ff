import { expect, test } from 'vitest'
import { namesOf } from '../../env-names.ts'
import { render } from './render.ts'

/** Every column of the tables below has a name of its own in each table. */
const OWN = namesOf({
  AUTH_TABLE_NAMES: 'plural, auth_*, user=people',
  AUTH_COLUMN_NAMES: [
    ...['user.email=mail_address', 'user.emailVerified=is_verified', 'user.createdAt=joined_at', 'user.name=full_name'],
    ...[
      'session.userId=owner',
      'session.createdAt=began_at',
      'session.token=secret_token',
      'session.expiresAt=ends_at',
    ],
    ...['account.userId=holder', 'account.providerId=provider_key', 'account.accountId=account_key'],
    ...['audit_event.userId=about', 'audit_event.createdAt=happened_at', 'audit_event.type=event_kind'],
  ].join(', '),
})
const rendered = (text: string) => render(text, 'public', OWN.value).text

test('the names of these tests can be used', () => {
  expect(OWN.errors).toEqual([])
})

test.each([
  ['a table', 'SELECT FROM "public"."user"', 'SELECT FROM "public"."people"'],
  ['a table with prefix and plural', 'DELETE FROM "public"."session"', 'DELETE FROM "public"."auth_sessions"'],
  ['a column of the only table', 'SELECT "email" FROM "public"."user"', 'SELECT "mail_address" FROM "public"."people"'],
  [
    'columns by their aliases',
    'SELECT s."createdAt", u."createdAt" FROM "public"."session" s JOIN "public"."user" AS u ON u."id" = s."userId"',
    'SELECT s."began_at", u."joined_at" FROM "public"."auth_sessions" s JOIN "public"."people" AS u ON u."id" = s."owner"',
  ],
  [
    'a column with table and schema, as Kysely writes it',
    'update "public"."user" set "name" = $1 where "public"."user"."email" = $2 returning *',
    'update "public"."people" set "full_name" = $1 where "public"."people"."mail_address" = $2 returning *',
  ],
  [
    'a column with its table, which has no alias',
    'SELECT "user"."email" FROM "public"."user"',
    'SELECT "people"."mail_address" FROM "public"."people"',
  ],
  [
    'a column of a subquery that takes all',
    'select "primary".*, "join_user"."email" as "_joined_user_email" from (select * from "public"."session" where "public"."session"."token" = $1) as "primary" left join "public"."user" as "join_user" on "join_user"."id" = "primary"."userId"',
    'select "primary".*, "join_user"."mail_address" as "_joined_user_email" from (select * from "public"."auth_sessions" where "public"."auth_sessions"."secret_token" = $1) as "primary" left join "public"."people" as "join_user" on "join_user"."id" = "primary"."owner"',
  ],
  [
    'a conflict',
    'INSERT INTO "public"."account" AS r ("userId", "providerId") VALUES ($1, $2) ON CONFLICT ("providerId") DO UPDATE SET "userId" = excluded."userId"',
    'INSERT INTO "public"."auth_accounts" AS r ("holder", "provider_key") VALUES ($1, $2) ON CONFLICT ("provider_key") DO UPDATE SET "holder" = excluded."holder"',
  ],
  [
    'the same column of two tables, in a statement within a statement',
    'WITH ended AS (DELETE FROM "public"."session" WHERE "userId" = $1 RETURNING 1) INSERT INTO "public"."audit_event" ("userId", "createdAt") SELECT $1, now() FROM ended',
    'WITH ended AS (DELETE FROM "public"."auth_sessions" WHERE "owner" = $1 RETURNING 1) INSERT INTO "public"."auth_audit_events" ("about", "happened_at") SELECT $1, now() FROM ended',
  ],
  [
    'what an INSERT of other rows returns, and conflicts with',
    'INSERT INTO "public"."account" ("userId") SELECT e."userId" FROM "public"."audit_event" e WHERE "userId" = $1 ON CONFLICT ("userId") DO NOTHING RETURNING "userId" AS "userId"',
    'INSERT INTO "public"."auth_accounts" ("holder") SELECT e."about" FROM "public"."auth_audit_events" e WHERE "about" = $1 ON CONFLICT ("holder") DO NOTHING RETURNING "holder" AS "userId"',
  ],
  [
    'each side of a UNION',
    'SELECT FROM "public"."account" WHERE "userId" = $1 UNION ALL SELECT FROM "public"."session" WHERE "userId" = $1',
    'SELECT FROM "public"."auth_accounts" WHERE "holder" = $1 UNION ALL SELECT FROM "public"."auth_sessions" WHERE "owner" = $1',
  ],
  [
    'a column of the table around',
    'SELECT FROM "public"."user" WHERE EXISTS (SELECT FROM "public"."session" s WHERE s."userId" = "id" AND "email" = $1)',
    'SELECT FROM "public"."people" WHERE EXISTS (SELECT FROM "public"."auth_sessions" s WHERE s."owner" = "id" AND "mail_address" = $1)',
  ],
  [
    'the row of a trigger',
    'CREATE TRIGGER x AFTER UPDATE ON "public"."session" FOR EACH ROW WHEN (NEW."expiresAt" < OLD."expiresAt")',
    'CREATE TRIGGER x AFTER UPDATE ON "public"."auth_sessions" FOR EACH ROW WHEN (NEW."ends_at" < OLD."ends_at")',
  ],
  [
    'a table beside a set of records with columns of the same name',
    `SELECT x."userId" FROM "public"."account" a, jsonb_to_recordset($1) AS x ("userId" text) WHERE a."userId" = x."userId"`,
    `SELECT x."userId" FROM "public"."auth_accounts" a, jsonb_to_recordset($1) AS x ("userId" text) WHERE a."holder" = x."userId"`,
  ],
])('%s has its name of the settings', (_what, text, expected) => {
  expect(rendered(text)).toBe(expected)
})

test.each([
  ['an alias', 'SELECT now() AS "email" FROM "public"."people"'],
  ['text', `SELECT 'the "email"', E'\\'"email"', $tag$ "email" $tag$ FROM "public"."people"`],
  ['a comment', 'SELECT 1 -- "email"\n/* "email" */ FROM "public"."people"'],
  ['a role', 'GRANT SELECT ("id") ON "public"."people" TO "email"'],
  ['a table elsewhere', 'SELECT "email" FROM "app"."user"'],
  ['a table of another application', 'SELECT t."email" FROM "public"."tenant" t'],
])('%s stays as it is', (_what, text) => {
  expect(rendered(text)).toBe(text)
})

test('what is rendered stays as it is when it is rendered again', () => {
  const once = rendered('SELECT u."email" FROM "public"."user" u JOIN "public"."session" s ON s."userId" = u."id"')
  expect(rendered(once)).toBe(once)
})

test('a column is read back by the name of the code, and what a statement itself calls so as it stands', () => {
  const restoredBy = (text: string) => render(text, 'public', OWN.value).restored.get('began_at')
  expect(restoredBy('SELECT * FROM "public"."session"')).toBe('createdAt')
  expect(restoredBy('SELECT s."userId" AS "began_at" FROM "public"."session" s')).toBeUndefined()
})
