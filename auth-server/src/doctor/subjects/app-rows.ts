import { escapeIdentifier } from 'pg'
import { storedTableName, tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { type Actor, type Examined, type Found, shell, sql, subject } from '../finding.ts'
import { createReader, type Query, type Reader } from '../reader.ts'
import { counted, countRows } from '../rows.ts'

export const APP_ROWS = subject({
  title: 'App',
  good: 'every row that names a user has one, and goes with them',
  kinds: {
    'app-row-without-user': {
      severity: 'warning',
      why: 'It belongs to nobody any more, and may hold data of somebody who was deleted.',
    },
    'app-column-without-key': {
      severity: 'warning',
      why: 'When a user is deleted, their rows stay: nothing in the database says that they belong to them.',
    },
    'app-unreadable': { severity: 'info', why: 'Whether its rows have a user is unknown.' },
  },
  checks: [{ name: 'rows of users', of: 'database', run: appRows }],
})

type Column = {
  schema: string
  table: string
  column: string
  type: string
  hasKey: boolean
  isReadable: boolean
  /** `user`, or the table of app users. */
  target: 'user' | 'app_users'
}

const OWNER: Actor = "owner of the backend's tables"

/** As a role that may read the app's tables: ours may not. */
async function appRows(
  reader: Reader,
  { env }: Examined,
): Promise<Found<'app-row-without-user' | 'app-column-without-key' | 'app-unreadable'>[]> {
  const url = env.BACKEND_MIGRATION_DATABASE_URL ?? env.BACKEND_DATABASE_URL
  const name = env.BACKEND_MIGRATION_DATABASE_URL ? 'BACKEND_MIGRATION_DATABASE_URL' : 'BACKEND_DATABASE_URL'
  const app = url === undefined ? reader : createReader(env, name, url)
  try {
    const columns = await app.read((query) =>
      query<Column>(COLUMNS, [env.AUTH_DB_SCHEMA, storedTableName(env, 'user')]),
    )
    const unreadable = columns.filter(({ isReadable }) => !isReadable)
    const found: Found<'app-row-without-user' | 'app-column-without-key' | 'app-unreadable'>[] = []
    for (const column of columns.filter(({ isReadable }) => isReadable)) {
      found.push(...(await app.read((query) => orphans(query, env, column))), ...withoutKey(env, column))
    }
    if (unreadable.length > 0) found.push(notRead(unreadable))
    return found
  } finally {
    if (app !== reader) await app.end()
  }
}

/** $1 our schema, $2 our table of users. */
const COLUMNS = `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", a.attname::text AS "column", format_type(a.atttypid, NULL) AS "type",
         EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
                    AND k.convalidated) AS "hasKey",
         has_column_privilege(c.oid, a.attnum, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')
           AND has_column_privilege($2::text::regclass, 'id', 'SELECT') AS "isReadable",
         CASE WHEN a.attname ~* '^app_?user_?id$' THEN 'app_users' ELSE 'user' END AS "target"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
     AND n.nspname <> $1 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND a.attname ~* '^(app_?|auth_?)?user_?id$'
     AND format_type(a.atttypid, NULL) IN ('text', 'character varying', 'uuid')
     AND (a.attname !~* '^app_?user_?id$' OR EXISTS (SELECT FROM pg_class t WHERE t.relnamespace = n.oid AND t.relname = 'app_users'))
   ORDER BY 1, 2, 3 LIMIT 50`

async function orphans(query: Query, env: Env, column: Column): Promise<Found<'app-row-without-user'>[]> {
  if (column.hasKey) return []
  const [table, name] = [tableOf(column), escapeIdentifier(column.column)]
  const isOrphan = `t.${name} IS NOT NULL AND NOT EXISTS (SELECT FROM ${targetOf(env, column)} u WHERE u."id"::text = t.${name}::text)`
  const rows = await countRows(query, table, isOrphan)
  if (rows.rows === 0) return []
  const what = `${counted(rows, 'row')} of ${table} ${rows.rows === 1 ? 'names' : 'name'} a user in ${name} who does not exist.`
  return [{ id: 'app-row-without-user', what, fix: [sql(`DELETE FROM ${table} t WHERE ${isOrphan}`, { as: OWNER })] }]
}

function withoutKey(env: Env, column: Column): Found<'app-column-without-key'>[] {
  if (column.hasKey) return []
  const [table, name] = [tableOf(column), escapeIdentifier(column.column)]
  return [
    {
      id: 'app-column-without-key',
      what: `${table} has the column ${name}, and no valid foreign key on it.`,
      fix: [
        sql(
          `ALTER TABLE ${table} ADD FOREIGN KEY (${name}) REFERENCES ${targetOf(env, column)} ("id") ON DELETE CASCADE`,
          {
            as: OWNER,
            note: `or SET NULL; ${name} must have the type of "id"; a migration of the app is the place for it`,
          },
        ),
      ],
    },
  ]
}

function notRead(columns: readonly Column[]): Found<'app-unreadable'> {
  const tables = [...new Set(columns.map(tableOf))].slice(0, 5)
  return {
    id: 'app-unreadable',
    what: `The auth server's role may not read ${tables.join(', ')}.`,
    fix: [
      shell("export BACKEND_DATABASE_URL='postgres://backend:PASSWORD@HOST:5432/DATABASE'", {
        note: 'for doctor alone',
      }),
    ],
  }
}

const tableOf = ({ schema, table }: Column) => `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`

function targetOf(env: Env, { target, schema }: Column): string {
  return target === 'user' ? tableName(env, 'user') : `${escapeIdentifier(schema)}."app_users"`
}
