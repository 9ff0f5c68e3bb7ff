import { escapeIdentifier } from 'pg'
import type { Log } from '../log.ts'
import type { Ask } from './ask.ts'
import type { GrantsEnv } from './grants.ts'
import { tableIn } from './naming/names.ts'

/** What only this server may read. Column "id" of "user" is the one thing the backend's tables refer to. */
export const SECRET_TABLES: readonly string[] = [
  'session',
  'account',
  'verification',
  'rateLimit',
  'mailOutbox',
  'auth_import',
  'user',
  'twoFactor',
  'trustedDevice',
  'passkey',
  'audit_event',
  'oldTokenEnd',
]

type Row = { kind: number; subject: string; todo: string | null }

/** `subject`: which table, role, key or object. `todo`: SQL for whoever may change it. */
export type OtherRole = { id: OtherRoleId; subject: string; todo: string | null }
type OtherRoleId = (typeof WARNINGS)[number]['id']
type Warning = { id: string; message: string; text: string; todo?: (env: GrantsEnv) => string }

export async function findOtherRoles(ask: Ask, env: GrantsEnv): Promise<OtherRole[]> {
  const rows = await ask<Row>(ALL, [
    ...[env.AUTH_DB_SCHEMA, env.BACKEND_DB_ROLE, tableIn(env.names, 'user')],
    SECRET_TABLES.map((table) => tableIn(env.names, table)),
  ])
  return rows.flatMap(({ kind, subject, todo }) => {
    const id = WARNINGS[kind]?.id
    return id === undefined ? [] : [{ id, subject, todo }]
  })
}

/** What the owner of our tables cannot take away, by name and with the SQL for somebody who can. */
export async function warnOfOtherRoles(ask: Ask, env: GrantsEnv, log: Log): Promise<void> {
  const rows = await findOtherRoles(ask, env)
  for (const { id, message, todo } of WARNINGS as readonly Warning[]) {
    const found = rows.filter((row) => row.id === id)
    if (found.length === 0) continue
    const todos = found.flatMap((row) => row.todo ?? todo?.(env) ?? [])
    const subjects = found.map(({ subject }) => subject)
    log.warn({ role: env.BACKEND_DB_ROLE, found: subjects, todo: [...new Set(todos)] }, message)
  }
}

const USER = `(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $3::pg_catalog.name)`

/** Every foreign key that the deletion of a user reaches. */
const REACHED = `
  WITH RECURSIVE reached AS (
    SELECT k.oid, k.conname, k.conrelid, k.confdeltype FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'f' AND k.confrelid = ${USER}
    UNION
    SELECT k.oid, k.conname, k.conrelid, k.confdeltype FROM pg_catalog.pg_constraint k
      JOIN reached r ON k.confrelid = r.conrelid AND r.confdeltype = 'c' WHERE k.contype = 'f')`

const IS_PUBLIC = `EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')`

/** Each takes the schema of our tables, the backend's role, and what "user" and the tables with secrets are called. */
const WARNINGS = [
  {
    id: 'reads-secrets',
    message: 'the backend role can read tables that hold secrets',
    // Rights also come from memberships, PUBLIC and default privileges, which are not ours to take away.
    text: `SELECT t AS "subject", NULL AS "todo" FROM pg_catalog.unnest($4::pg_catalog.text[]) t
            WHERE pg_catalog.has_table_privilege($2, pg_catalog.format('%I.%I', $1::text, t), 'SELECT')`,
  },
  {
    id: 'acts-as-us',
    message: 'the backend role can act as the auth server: give it a role of its own, without such attributes',
    text: `SELECT r.rolname::text AS "subject", NULL AS "todo" FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n
            WHERE r.rolname = $2 AND n.nspname = $1
              AND (r.rolsuper OR r.rolcreaterole OR r.rolreplication
                   OR pg_catalog.pg_has_role(r.oid, current_user::regrole::oid, 'MEMBER'))`,
  },
  {
    id: 'others-create',
    message: "others may create objects beside the auth server's tables",
    // Of PUBLIC once, and not of every role of the cluster.
    text: `SELECT 'PUBLIC' AS "subject", NULL AS "todo" FROM pg_catalog.pg_namespace n WHERE n.nspname = $1 AND ${IS_PUBLIC}
           UNION ALL
           SELECT r.rolname::text, NULL FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n
            WHERE n.nspname = $1 AND NOT r.rolsuper AND r.rolname !~ '^pg_' AND NOT ${IS_PUBLIC}
              AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
              AND NOT pg_catalog.pg_has_role(r.oid, current_user::regrole::oid, 'MEMBER')`,
    todo: ({ AUTH_DB_SCHEMA, BACKEND_DB_ROLE }) =>
      `REVOKE CREATE ON SCHEMA ${escapeIdentifier(AUTH_DB_SCHEMA)} FROM PUBLIC, ${escapeIdentifier(BACKEND_DB_ROLE)}`,
  },
  {
    id: 'foreign-object',
    message: "other roles own functions, operators or types beside the auth server's tables",
    text: `SELECT i.type || ' ' || i.identity AS "subject", 'DROP ' || pg_catalog.upper(i.type) || ' ' || i.identity AS "todo"
             FROM (SELECT 'pg_catalog.pg_proc'::regclass::oid AS class, oid, pronamespace AS place, proowner AS owner FROM pg_catalog.pg_proc
                   UNION ALL SELECT 'pg_catalog.pg_operator'::regclass::oid, oid, oprnamespace, oprowner FROM pg_catalog.pg_operator
                   UNION ALL SELECT 'pg_catalog.pg_type'::regclass::oid, oid, typnamespace, typowner FROM pg_catalog.pg_type
                              WHERE typrelid = 0 AND typelem = 0) o
             JOIN pg_catalog.pg_namespace n ON n.oid = o.place JOIN pg_catalog.pg_roles r ON r.oid = o.owner
             CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.class, o.oid, 0) i
            WHERE n.nspname = $1 AND NOT r.rolsuper AND NOT pg_catalog.pg_has_role(r.oid, current_user::regrole::oid, 'MEMBER')`,
  },
  {
    id: 'key-blocks-deletion',
    message: 'a row that refers to a user keeps the user from being deleted',
    text: `${REACHED} SELECT pg_catalog.format('%I on %s', conname, conrelid::regclass) AS "subject",
             pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE', conrelid::regclass,
               conname, conname, pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(oid), ' ON DELETE .*$| (NOT )?DEFERRABLE.*$', '', 'g')) AS "todo"
             FROM reached WHERE confdeltype IN ('a', 'r')`,
  },
  {
    id: 'owner-serves',
    message:
      'the backend serves requests with a role that owns tables which the deletion of a user reaches, so it can stop or ' +
      'hijack one: give its migrations a role of their own, see BACKEND_MIGRATION_DATABASE_URL',
    text: `${REACHED} SELECT DISTINCT conrelid::regclass::text AS "subject", NULL AS "todo" FROM reached
             JOIN pg_catalog.pg_class c ON c.oid = conrelid JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
            WHERE r.rolname = $2 AND r.rolname <> current_user`,
  },
] as const satisfies readonly Warning[]

/** One query, since every migration runs it. */
const ALL = WARNINGS.map(({ text }, kind) => `SELECT ${kind} AS "kind", w."subject", w."todo" FROM (${text}) w`).join(
  ' UNION ALL ',
)
