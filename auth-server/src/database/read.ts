import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { DatabaseUnavailable } from '../errors.ts'
import { isConnectionLost, isDatabaseFault } from './fault.ts'

/**
 * Runs a read, again when its connection turned out dead: a pool learns of that only by using it, and after a restart
 * of the database nobody should be answered 503 for it. Never for writes. Throws DatabaseUnavailable.
 */
export async function read<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  try {
    return await readPastDead<Row>(pool, query)
  } catch (error) {
    if (isDatabaseFault(error)) throw new DatabaseUnavailable(error)
    throw error
  }
}

/** Every dead connection leaves the pool, so after as many as it can hold the next one is new. */
async function readPastDead<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  for (let left = pool.options.max; left > 0; left--) {
    try {
      return await pool.query<Row>(query)
    } catch (error) {
      if (!isConnectionLost(error)) throw error
    }
  }
  return pool.query<Row>(query)
}
