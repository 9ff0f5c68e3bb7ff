import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { DatabaseUnavailable } from '../errors.ts'
import { isConnectionLost, isDatabaseFault } from './fault.ts'

/**
 * Runs a read, once more when its connection turned out dead: a pool learns of that only by using it, and after a
 * restart of the database nobody should be answered 503 for it. Never for writes. Throws DatabaseUnavailable.
 */
export async function read<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  try {
    return await readTwice<Row>(pool, query)
  } catch (error) {
    if (isDatabaseFault(error)) throw new DatabaseUnavailable(error)
    throw error
  }
}

async function readTwice<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  try {
    return await pool.query<Row>(query)
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    return pool.query<Row>(query)
  }
}
