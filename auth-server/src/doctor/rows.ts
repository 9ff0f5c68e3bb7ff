import type { Query } from './reader.ts'

/** How many rows of a table a check looks at; of a larger table, a sample of about so many. */
const LOOKED_AT = 1_000_000
/** Where so many took too long. */
const SAMPLED = 100_000
/** Nobody needs to know more exactly. */
const COUNTED = 1000

/** A number of rows, as it is to be read: at least so many, where not all were looked at or counted. */
export type Counted = { rows: number; text: string }

/**
 * How many rows fulfil a condition: at most COUNTED of them are counted. `table` is qualified SQL; in the condition it is
 * called `t`.
 */
export async function countRows(query: Query, table: string, condition: string): Promise<Counted> {
  return lookAt(query, table, async ({ from, isSample }) => {
    const text = `SELECT count(*)::int AS "rows" FROM (SELECT FROM ${from} WHERE ${condition} LIMIT ${COUNTED + 1}) f`
    const rows = (await query<{ rows: number }>(text))[0]?.rows ?? 0
    if (rows > COUNTED) return { rows, text: `more than ${COUNTED.toLocaleString('en')}` }
    return { rows, text: isSample && rows > 0 ? `at least ${rows}` : String(rows) }
  })
}

/** At most LOOKED_AT rows; where that takes too long, a small sample: better than to know nothing. */
export async function lookAt<Result>(
  query: Query,
  table: string,
  look: (rows: Source) => Promise<Result>,
): Promise<Result> {
  await query('SAVEPOINT looking')
  try {
    return await look(await source(query, table, LOOKED_AT))
  } catch (error) {
    if (!isTimeout(error)) throw error
    await query('ROLLBACK TO SAVEPOINT looking')
    return look(await source(query, table, SAMPLED))
  }
}

const isTimeout = (error: unknown) => error instanceof Error && 'code' in error && error.code === '57014'

type Source = { from: string; isSample: boolean }

/** What to select from, as `t`. */
async function source(query: Query, table: string, lookedAt: number): Promise<Source> {
  const oid = `(SELECT one.tableoid FROM ${table} one LIMIT 1)`
  const estimate = `SELECT greatest(c.reltuples, 0)::float8 AS "rows" FROM pg_class c WHERE c.oid = ${oid}`
  const rows = (await query<{ rows: number }>(estimate))[0]?.rows ?? 0
  if (rows <= lookedAt) return { from: `${table} t`, isSample: false }
  const percent = Math.max((lookedAt / rows) * 100, 0.01).toFixed(2)
  return { from: `${table} t TABLESAMPLE SYSTEM (${percent})`, isSample: true }
}

/** "1 user", "3 users". */
export function counted({ rows, text }: Counted, one: string, several = `${one}s`): string {
  return `${text} ${rows === 1 ? one : several}`
}
