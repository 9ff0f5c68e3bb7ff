import { setTimeout as sleep } from 'node:timers/promises'
import { type ClientBase, DatabaseError } from 'pg'
import type { Log } from '../log.ts'

/** `migrate` or `setup-database` could not do its work; the message tells the operator what to do. */
export class DatabaseTaskFailed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseTaskFailed'
  }
}

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

const OWN_SCHEMA =
  'Where the tables belong to another application, set AUTH_DB_SCHEMA to a schema of its own, for example auth.'
const LOOK_AGAIN = 'The tables changed while they were migrated. Migrate again.'

/** What the operator should do about an SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ADVICE: Readonly<Record<string, string>> = {
  '0A000': 'A view or a rule reads a column whose type has to change: drop it, migrate, and create it again.',
  '2BP01': 'Something else depends on this: drop that first, or let it go with CASCADE.',
  '22P02': `A value that is there does not fit the type that is needed. ${OWN_SCHEMA}`,
  '23502': 'Some rows have no value where one is needed: give them one, or delete them, and migrate again.',
  '23503': 'Some rows refer to rows that do not exist: delete them, and migrate again.',
  '23505': 'Some rows share a value that must be unique: keep one of each, and migrate again.',
  '25006': 'This server is read-only: DATABASE_URL_DIRECT must lead to the primary.',
  '3F000': 'The schema does not exist: create it, or correct AUTH_DB_SCHEMA.',
  '42501': `The role of DATABASE_URL_DIRECT lacks a right: it must own the tables (ALTER TABLE … OWNER TO) and may need CREATE on the schema. ${OWN_SCHEMA}`,
  '42703': LOOK_AGAIN,
  '42704': LOOK_AGAIN,
  '42710': LOOK_AGAIN,
  '42804': `Two columns that refer to each other have different types. ${OWN_SCHEMA}`,
  '42P01': LOOK_AGAIN,
  '42P07': `A table or an index of that name was made by something else in this moment. ${OWN_SCHEMA}`,
  '53100': 'The database server has no disk space left.',
  '55P03':
    "Another transaction held a table for 30 seconds. See which: SELECT * FROM pg_stat_activity WHERE state <> 'idle'",
}

/** Says what was being done and what helps. Values of rows stand in the cause's detail only, which nobody prints. */
export async function withAdvice<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const advice = error instanceof DatabaseError && error.code ? ADVICE[error.code] : undefined
    if (advice === undefined) throw error
    throw new DatabaseTaskFailed(what === '' ? advice : `Stopped at: ${what}. Nothing was changed. ${advice}`, error)
  }
}
