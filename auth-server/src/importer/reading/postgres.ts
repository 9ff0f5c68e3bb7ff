import pg from 'pg'
import { unpinnedOptions } from '../../database/pools.ts'
import { ExportError } from '../export-error.ts'
import type { ReadRow, TableHead } from '../system.ts'
import { kept } from './bounds.ts'
import type { ForeignKey } from './sql/definitions.ts'
import { type Tables, tableLabel } from './tables.ts'

const ROWS_AT_ONCE = 1000

/** As the server writes them: what pg_dump would have written. */
const types = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig

/** The rows of a running PostgreSQL, all as they are at one moment; it is only read. */
export async function* readPostgres(url: string, tables: Tables, signal: AbortSignal): AsyncGenerator<ReadRow> {
  const options = unpinnedOptions({ DATABASE_CA_FILE: undefined }, 'the address of the old database', url)
  const client = new pg.Client({ ...options, connectionTimeoutMillis: 10_000, types })
  client.on('error', () => undefined) // the statement that is waiting rejects
  const abort = () => void client.end().catch(() => undefined)
  signal.addEventListener('abort', abort)
  try {
    await client.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(SETTINGS)
    for (const head of await definedTables(client, tables)) yield* rowsOf(client, head, tables)
  } catch (error) {
    throw error instanceof ExportError ? error : new ExportError(`the old database: ${reasonOf(error)}`)
  } finally {
    signal.removeEventListener('abort', abort)
    await client.end().catch(() => undefined)
  }
}

/** Without row_security, a table whose policies hide rows is an error, and not a table without them. */
const SETTINGS = `SET LOCAL statement_timeout = 0; SET LOCAL row_security = off; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY';
  SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = pg_catalog`

const COLUMNS = `
  SELECT n.nspname AS schema, c.relname AS name, json_agg(a.attname ORDER BY a.attnum)::text AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
     AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
   GROUP BY 1, 2 ORDER BY 1, 2`

const KEYS = `
  SELECT k.conname AS constraint, n.nspname AS schema, c.relname AS name, tn.nspname AS to_schema, t.relname AS to_name,
         json_agg(a.attname ORDER BY u.nr)::text AS columns, k.confdeltype AS action
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    JOIN unnest(k.conkey) WITH ORDINALITY u(attnum, nr) ON true
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum
   WHERE k.contype = 'f' AND k.conparentid = 0 GROUP BY k.oid, 1, 2, 3, 4, 5, 7 ORDER BY 2, 3, 1`

const ACTIONS: Record<string, string> = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT', r: 'RESTRICT' }

async function definedTables(client: pg.Client, tables: Tables): Promise<TableHead[]> {
  const { rows: found } = await client.query<{ schema: string; name: string; columns: string }>(COLUMNS)
  const heads = found.map(({ columns, ...table }) => ({ ...table, columns: JSON.parse(columns) as string[] }))
  for (const { columns, ...table } of heads) tables.define({ table, columns, foreignKeys: [] })
  const { rows: keys } = await client.query<Record<string, string>>(KEYS)
  for (const key of keys) tables.refer(toForeignKey(key))
  return heads
}

function toForeignKey(key: Record<string, string>): ForeignKey {
  return {
    from: { schema: key.schema ?? null, name: key.name ?? '' },
    to: { schema: key.to_schema ?? null, name: key.to_name ?? '' },
    columns: JSON.parse(key.columns ?? '[]') as string[],
    constraint: key.constraint ?? null,
    onDelete: ACTIONS[key.action ?? ''] ?? null,
  }
}

async function* rowsOf(client: pg.Client, head: TableHead, tables: Tables): AsyncGenerator<ReadRow> {
  const table = tables.open(head)
  if (!table.role) return
  const columns = head.columns.map((column) => client.escapeIdentifier(column)).join(', ')
  const name = [head.schema ?? 'public', head.name].map((part) => client.escapeIdentifier(part)).join('.')
  await client.query(`DECLARE export NO SCROLL CURSOR FOR SELECT ${columns} FROM ${name}`)
  for (let line = 1; ; ) {
    const { rows } = await client.query<Record<string, string | null>>(`FETCH ${ROWS_AT_ONCE} FROM export`)
    if (rows.length === 0) break
    for (const row of rows) {
      const short = Object.fromEntries(
        Object.entries(row).map(([column, value]) => [column, value === null ? null : kept(value)]),
      )
      const read = tables.row(table, short, { file: tableLabel(head), line })
      line += 1
      if (read !== undefined) yield read
    }
  }
  await client.query('CLOSE export')
}

/** Without the address: it has a password. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return `${error instanceof Error ? error.message : 'cannot be read'}${code}`
}
