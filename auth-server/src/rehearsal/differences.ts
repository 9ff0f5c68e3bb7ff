import type { ClientBase } from 'pg'

/** What a database is like: a line for each thing, and the rows of each table. */
export type Picture = { schema: ReadonlySet<string>; rows: ReadonlyMap<string, number> }

export type Differences = {
  added: string[]
  removed: string[]
  rows: { table: string; before: number; after: number }[]
}

/** Of the given schemas. */
export async function takePicture(client: ClientBase, schemas: readonly string[]): Promise<Picture> {
  const { rows } = await client.query<{ line: string }>(SCHEMA, [schemas])
  const tables = await client.query<{ name: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS "name" FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY($1::pg_catalog.text[]) AND c.relkind = 'r' ORDER BY 1`,
    [schemas],
  )
  const counts = new Map<string, number>()
  for (const { name } of tables.rows) {
    const counted = await client.query<{ rows: string }>(`SELECT pg_catalog.count(*) AS "rows" FROM ${name}`)
    counts.set(name, Number(counted.rows[0]?.rows))
  }
  return { schema: new Set(rows.map(({ line }) => line)), rows: counts }
}

export function compare(before: Picture, after: Picture): Differences {
  const tables = [...new Set([...before.rows.keys(), ...after.rows.keys()])].sort()
  return {
    added: [...after.schema].filter((line) => !before.schema.has(line)),
    removed: [...before.schema].filter((line) => !after.schema.has(line)),
    rows: tables
      .map((table) => ({ table, before: before.rows.get(table) ?? 0, after: after.rows.get(table) ?? 0 }))
      .filter((one) => one.before !== one.after),
  }
}

const SCHEMA = `
  WITH tables AS (
    SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY($1::pg_catalog.text[]) AND c.relkind IN ('r', 'p'))
  SELECT 'table ' || name AS "line" FROM tables
  UNION ALL
  SELECT pg_catalog.format('column %s.%I %s%s%s', t.name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid))
    FROM tables t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid) FROM tables t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
  UNION ALL
  SELECT pg_catalog.format('constraint %I on %s: %s', k.conname, t.name, pg_catalog.pg_get_constraintdef(k.oid))
    FROM tables t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'trigger ' || pg_catalog.pg_get_triggerdef(g.oid) || ' (' || g.tgenabled::text || ')'
    FROM tables t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
  ORDER BY 1`
