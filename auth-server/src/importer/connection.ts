import pg from 'pg'
import { createClient } from '../database/pools.ts'
import { DatabaseTaskFailed } from '../database/task.ts'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'

/** Any constant will do. ("impo" in ASCII) */
const LOCK = 0x696d706f

/**
 * One connection, which has the staging tables and the lock: both are gone with a process that is killed. No second
 * import works beside it.
 */
export async function withImporter<T>(env: Env, work: (client: pg.Client) => Promise<T>): Promise<T> {
  if (env.DATABASE_POOLER === 'transaction' && env.DATABASE_URL_DIRECT === env.DATABASE_URL) {
    throw new ConfigurationError([
      'DATABASE_URL_DIRECT is needed for import: a pooler in transaction mode keeps neither its tables nor its lock',
    ])
  }
  const client = createClient(env)
  client.on('error', () => undefined) // the statement that is waiting rejects
  await client.connect()
  try {
    const { rows } = await client.query<{ isLocked: boolean }>('SELECT pg_try_advisory_lock($1) AS "isLocked"', [LOCK])
    if (!rows[0]?.isLocked)
      throw new DatabaseTaskFailed('Another import is running in this database. Wait for its end.')
    return await work(client)
  } catch (error) {
    throw isTableMissing(error)
      ? new DatabaseTaskFailed('The tables are not migrated: run migrate first.', error)
      : error
  } finally {
    await client.end()
  }
}

const isTableMissing = (error: unknown) =>
  error instanceof pg.DatabaseError && ['42P01', '42703'].includes(error.code ?? '')
