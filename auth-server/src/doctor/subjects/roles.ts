import { escapeIdentifier } from 'pg'
import { storedTableName } from '../../database/names.ts'
import { tableIn } from '../../database/naming/names.ts'
import { findOtherRoles, SECRET_TABLES } from '../../database/other-roles.ts'
import { parseDatabaseUrl } from '../../database/url.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import type { Query, Reader } from '../reader.ts'

const quoted = escapeIdentifier

export const ROLES = subject({
  title: 'Roles',
  good: 'each has what it needs, and no more',
  kinds: {
    'role-powerful': { severity: 'warning', why: 'A fault in this server would reach every database of the cluster.' },
    'role-shared': {
      severity: 'warning',
      why: 'A fault in the backend can read every session and every hash, and nothing of the database stops it.',
    },
    'role-missing': { severity: 'error', why: 'The backend cannot connect, and migrate cannot give it its rights.' },
    'grant-missing': { severity: 'error', why: 'The backend cannot refer to users: its migrations and its rows fail.' },
    'backend-reads-secrets': {
      severity: 'error',
      why: 'A fault in the backend would show sessions, hashes and codes.',
    },
    'backend-is-us': { severity: 'error', why: 'The backend can do whatever the auth server can.' },
    'others-create': {
      severity: 'warning',
      why: 'A function or table of theirs could be found in place of one that this server means.',
    },
    'foreign-object': { severity: 'warning', why: 'A function, operator or type of theirs could run with our rights.' },
    'key-blocks-deletion': { severity: 'warning', why: 'A user with such a row cannot be deleted.' },
    'backend-owns-tables': {
      severity: 'warning',
      why: 'The role that serves requests can stop the deletion of a user, or run its own code in it.',
    },
  },
  checks: [
    { name: 'our role', of: 'database', run: ownRole },
    { name: 'rights of the backend', of: 'database', run: grants },
    { name: 'secrets', of: 'database', run: secrets },
    { name: 'other roles', of: 'database', run: others },
  ],
})

const POWERS = {
  rolsuper: 'SUPERUSER',
  rolbypassrls: 'BYPASSRLS',
  rolcreaterole: 'CREATEROLE',
  rolreplication: 'REPLICATION',
}
type Powers = Record<keyof typeof POWERS, boolean> & { me: string }

async function ownRole(reader: Reader, { env }: Examined): Promise<Found<'role-powerful' | 'role-shared'>[]> {
  const text = `SELECT rolname::text AS "me", ${Object.keys(POWERS).join(', ')} FROM pg_roles WHERE rolname = current_user`
  const [found] = await reader.read((query) => query<Powers>(text))
  if (found === undefined) return []
  const has = (Object.entries(POWERS) as [keyof typeof POWERS, string][]).filter(([column]) => found[column])
  const names = has.map(([, name]) => name)
  const without = names.map((name) => `NO${name}`).join(' ')
  return [
    ...(names.length === 0
      ? []
      : [
          {
            id: 'role-powerful' as const,
            what: `The role ${found.me} of the auth server has ${names.join(', ')}.`,
            fix: [
              sql(`ALTER ROLE ${quoted(found.me)} ${without}`, {
                as: 'superuser' as const,
                note: 'a superuser that owns all is no superuser any more: keep another one',
              }),
            ],
          },
        ]),
    ...(isShared(env)
      ? [
          {
            id: 'role-shared' as const,
            what: `The auth server and the backend connect as one role, ${env.BACKEND_DB_ROLE}.`,
            fix: [
              shell('auth-server setup-database', {
                note: 'with a role of its own in BACKEND_DATABASE_URL and BACKEND_DB_ROLE: docs/database.md',
              }),
            ],
          },
        ]
      : []),
  ]
}

const isShared = ({ DATABASE_URL, BACKEND_DB_ROLE }: Examined['env']) =>
  parseDatabaseUrl('DATABASE_URL', DATABASE_URL).address.user === BACKEND_DB_ROLE

type Rights = { role: string; uses: boolean; selects: boolean; refers: boolean; mustRefer: boolean }

async function grants(reader: Reader, { env }: Examined): Promise<Found<'role-missing' | 'grant-missing'>[]> {
  const text = `
    SELECT r.rolname::text AS "role", r.rolname <> $2 AS "mustRefer", has_schema_privilege(r.oid, n.oid, 'USAGE') AS "uses",
           has_column_privilege(r.oid, $3::text::regclass, 'id', 'SELECT') AS "selects",
           has_column_privilege(r.oid, $3::text::regclass, 'id', 'REFERENCES') AS "refers"
      FROM pg_namespace n, pg_roles r LEFT JOIN pg_namespace b ON b.nspowner = r.oid AND b.nspname = $4
     WHERE n.nspname = $1 AND (r.rolname = $2 OR (b.oid IS NOT NULL AND r.rolname <> 'pg_database_owner'))`
  const role = env.BACKEND_DB_ROLE
  const values = [env.AUTH_DB_SCHEMA, role, storedTableName(env, 'user'), env.BACKEND_DB_SCHEMA]
  const rows = await reader.read((query) => query<Rights>(text, values))
  const missing = rows.filter(({ uses, selects, refers, mustRefer }) => !uses || !selects || (mustRefer && !refers))
  return [
    ...(rows.some((row) => row.role === role)
      ? []
      : [
          {
            id: 'role-missing' as const,
            what: `The role ${role} of BACKEND_DB_ROLE does not exist.`,
            fix: [
              sql(`CREATE ROLE ${quoted(role)} LOGIN PASSWORD NULL`, {
                as: 'superuser' as const,
                note: 'setup-database does, with its password; then migrate',
              }),
            ],
          },
        ]),
    ...missing.map((row) => ({
      id: 'grant-missing' as const,
      what: `The role ${row.role} may not ${[row.uses ? '' : 'use the schema', row.selects ? '' : 'read the ids of users', row.mustRefer && !row.refers ? 'refer to users' : ''].filter((part) => part !== '').join(', ')}.`,
      fix: [shell('auth-server migrate', { note: 'it grants what the backend needs' })],
    })),
  ]
}

/** `columns`: the rights on some alone, as SQL. */
type Leak = { table: string; through: string | null; columns: string | null }

/** Directly, to PUBLIC, or through a role that the backend is a member of: each is taken away in another way. */
async function secrets(reader: Reader, { env }: Examined): Promise<Found<'backend-reads-secrets'>[]> {
  if (isShared(env)) return []
  const rights = 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'
  const text = `
    SELECT c.relname::text AS "table", g.columns AS "columns",
           CASE WHEN g.grantee = 0 THEN NULL ELSE (SELECT rolname::text FROM pg_roles WHERE oid = g.grantee) END AS "through"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $2 AND NOT r.rolsuper
     CROSS JOIN LATERAL (
       SELECT DISTINCT a.grantee, NULL AS columns FROM aclexplode(c.relacl) a
        WHERE a.privilege_type = ANY(string_to_array($4, ', ')) AND a.grantee <> c.relowner
          AND (a.grantee = 0 OR pg_has_role(r.oid, a.grantee, 'MEMBER'))
       -- What it may see of users is the id.
       UNION SELECT a.grantee, string_agg(format('%s (%I)', a.privilege_type, t.attname), ', ' ORDER BY t.attnum)
         FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT (c.relname = $5::name AND t.attname = 'id' AND a.privilege_type = 'SELECT')
          AND a.privilege_type = ANY(string_to_array($4, ', ')) AND a.grantee <> c.relowner
          AND (a.grantee = 0 OR pg_has_role(r.oid, a.grantee, 'MEMBER'))
        GROUP BY a.grantee
       UNION SELECT p.oid, NULL FROM pg_roles p
        WHERE p.rolname IN ('pg_read_all_data', 'pg_write_all_data') AND pg_has_role(r.oid, p.oid, 'MEMBER')) g
     WHERE n.nspname = $1 AND c.relname = ANY($3::name[]) AND c.relkind = 'r'
     ORDER BY 1, 2`
  const role = env.BACKEND_DB_ROLE
  const stored = SECRET_TABLES.map((table) => tableIn(env.names, table))
  const leaks = await reader.read((query) =>
    query<Leak>(text, [env.AUTH_DB_SCHEMA, role, stored, rights, tableIn(env.names, 'user')]),
  )
  if (leaks.length === 0) return []
  const tables = [...new Set(leaks.map(({ table }) => table))]
  const direct = leaks.filter(({ through }) => through === null || through === role)
  const members = [...new Set(leaks.flatMap(({ through }) => (through === null || through === role ? [] : [through])))]
  const statements = [
    ...direct.map(({ table, through, columns }) =>
      sql(
        `REVOKE ${columns ?? rights} ON ${quoted(env.AUTH_DB_SCHEMA)}.${quoted(table)} FROM ${through === null ? 'PUBLIC' : quoted(through)}`,
      ),
    ),
    ...members.map((member) => sql(`REVOKE ${quoted(member)} FROM ${quoted(role)}`, { as: 'superuser' })),
  ]
  return [
    {
      id: 'backend-reads-secrets',
      what: `The role ${role} of the backend may use ${tables.join(', ')}.`,
      fix: statements,
    },
  ]
}

type Others = 'backend-is-us' | 'others-create' | 'foreign-object' | 'key-blocks-deletion' | 'backend-owns-tables'

async function others(reader: Reader, { env, given }: Examined): Promise<Found<Others>[]> {
  if (isShared(env)) return []
  const ask = (query: Query) => findOtherRoles(query, env)
  const found = await reader.read(ask)
  const [me] = await reader.read((query) => query<{ me: string }>('SELECT current_user::text AS "me"'))
  const role = quoted(env.BACKEND_DB_ROLE)
  return found.flatMap(({ id, subject: what, todo }): Found<Others>[] => {
    const todos = todo === null ? [] : [sql(todo, { as: 'superuser' })]
    if (id === 'acts-as-us') {
      const fix = [
        sql(`ALTER ROLE ${role} NOSUPERUSER NOCREATEROLE NOREPLICATION`, { as: 'superuser' }),
        sql(`REVOKE ${quoted(me?.me ?? '')} FROM ${role}`, {
          as: 'superuser',
          note: 'a notice says so where it was no member',
        }),
      ]
      return [{ id: 'backend-is-us', what: `The role ${what} of the backend can act as the auth server.`, fix }]
    }
    if (id === 'others-create') {
      const isAll = what === 'PUBLIC'
      const fix = [sql(`REVOKE CREATE ON SCHEMA ${quoted(env.AUTH_DB_SCHEMA)} FROM ${isAll ? what : quoted(what)}`)]
      const who = isAll ? 'Every role' : `The role ${what}`
      return [{ id, what: `${who} may create objects in the schema ${env.AUTH_DB_SCHEMA}.`, fix }]
    }
    if (id === 'foreign-object')
      return [{ id, what: `The ${what} in the auth server's schema belongs to another role.`, fix: todos }]
    if (id === 'key-blocks-deletion') {
      return [{ id, what: `The foreign key ${what} has neither CASCADE nor SET NULL.`, fix: todos }]
    }
    if (id !== 'owner-serves') return []
    const owner = ownerOf(given.BACKEND_MIGRATION_DATABASE_URL)
    const fix =
      owner === undefined || owner === env.BACKEND_DB_ROLE
        ? shell('auth-server setup-database', {
            note: 'with BACKEND_MIGRATION_DATABASE_URL, a role of its own for migrations',
          })
        : sql(`ALTER TABLE ${what} OWNER TO ${quoted(owner)}`, { as: 'superuser' })
    return [{ id: 'backend-owns-tables', what: `The role ${env.BACKEND_DB_ROLE} owns ${what}.`, fix: [fix] }]
  })
}

function ownerOf(url: string | undefined): string | undefined {
  return url ? parseDatabaseUrl('BACKEND_MIGRATION_DATABASE_URL', url).address.user : undefined
}
