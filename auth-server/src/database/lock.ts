import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import type { Log } from '../log.ts'
import { DatabaseTaskFailed } from './failures.ts'

/** Any constant will do; it must only be the same in every version of this server. ("auth" in ASCII) */
const LOCK = 0x61757468

const WAIT_MS = 120_000

/**
 * One migration or set-up at a time in this database. The lock belongs to the connection, so it is gone with a killed process.
 * Asked for again and again rather than waited for: a killed waiter must not stay in PostgreSQL's queue.
 */
export async function withLock<T>(client: ClientBase, log: Log, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + WAIT_MS
  while (!(await tryLock(client))) {
    if (Date.now() > deadline) {
      throw new DatabaseTaskFailed(
        `Another migration or set-up has held the lock for ${WAIT_MS / 1000} seconds. See who: SELECT pid FROM pg_locks WHERE locktype = 'advisory'`,
      )
    }
    log.debug('another migration or set-up is running, waiting for it')
    await sleep(100 + Math.random() * 200)
  }
  try {
    return await work()
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK])
  }
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ isLocked: boolean }>('SELECT pg_try_advisory_lock($1) AS "isLocked"', [LOCK])
  return rows[0]?.isLocked === true
}
