import type { Pool, PoolClient } from 'pg'

/** Commits what `work` did, or nothing of it. Whether it was committed is unknown where the connection was lost meanwhile. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot even roll back is of no use to anybody.
    const isUsable = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    )
    client.release(!isUsable)
    throw error
  }
}
