import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pool, PoolClient } from 'pg'
import { isDatabaseFault } from '../database/fault.ts'

/** What really happened while better-auth worked on one request: its own answers do not tell. */
export type Observed = {
  /** The database did not answer. better-auth turns this into 401 on some routes and into `null` on others. */
  databaseFault?: unknown
  /** The database refused a value the caller sent: SQLSTATE class 22, data exception. */
  refusedValue?: unknown
  /** The table whose unique constraint was hit: two requests raced. */
  duplicateIn?: string
  /** What better-auth would only have printed. */
  unexpected?: unknown
}

export type Observation = ReturnType<typeof createObservation>

export function createObservation() {
  const requests = new AsyncLocalStorage<Observed>()

  /** Runs one request's work. It does not reject: what was thrown is in `observed.unexpected`. */
  async function observe<T>(work: () => Promise<T>): Promise<{ answer: T | undefined; observed: Observed }> {
    const observed: Observed = {}
    try {
      return { answer: await requests.run(observed, work), observed }
    } catch (error) {
      noteDatabase(error, observed)
      observed.unexpected = error
      return { answer: undefined, observed }
    }
  }

  /** False outside of a request: then nobody will read it. */
  function noteUnexpected(error: unknown): boolean {
    const observed = requests.getStore()
    if (observed) observed.unexpected ??= error
    return observed !== undefined
  }

  /** The same pool, telling of every failure of a query sent through it by Kysely: connect(), query(), release(). */
  function watch(pool: Pool): Pool {
    const noteAndThrow = (error: unknown): never => {
      noteDatabase(error, requests.getStore())
      throw error
    }
    const connect = async () => watchClient(await pool.connect().catch(noteAndThrow), noteAndThrow)
    return Object.assign(Object.create(pool), { connect })
  }

  return { observe, watch, noteUnexpected }
}

function watchClient(client: PoolClient, noteAndThrow: (error: unknown) => never): PoolClient {
  return Object.assign(Object.create(client), {
    query: (sql: string, parameters: unknown[]) => client.query(sql, parameters).catch(noteAndThrow),
    release: () => client.release(),
  })
}

function noteDatabase(error: unknown, observed: Observed | undefined): void {
  if (observed === undefined || !(error instanceof Error)) return
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (isDatabaseFault(error)) observed.databaseFault ??= error
  else if (code.startsWith('22')) observed.refusedValue ??= error
  else if (code === '23505' && 'table' in error) observed.duplicateIn = String(error.table)
}
