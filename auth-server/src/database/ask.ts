import type { QueryResult, QueryResultRow } from 'pg'

/** The rows that a statement gives, over whichever connection: that of a migration, a pool's, or one that may only read. */
export type Ask = <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>

type Queryable = { query: (query: { text: string; values: unknown[] }) => Promise<QueryResult> }

export function askOver(connection: Queryable): Ask {
  return async (text, values = []) => (await connection.query({ text, values })).rows
}
