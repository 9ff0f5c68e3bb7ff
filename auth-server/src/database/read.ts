import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { HttpError } from '../errors.ts'
import { isConnectionLost, isDatabaseFault } from './fault.ts'

/**
 * Runs a read, again when its connection turned out dead: a pool learns of that only by using it, and after a restart
 * of the database nobody should be answered 503 for it. Never for writes. Throws DATABASE_UNAVAILABLE.
 */
export async function read<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  // Every dead connection leaves the pool, so after as many as it can hold the next one is new.
  for (let left = pool.options.max; ; left--) {
    try {
      return await pool.query<Row>(query)
    } catch (error) {
      if (left > 0 && isConnectionLost(error)) continue
      throw isDatabaseFault(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
    }
  }
}
