import pg from 'pg'
import { type Ask, askOver } from '../database/ask.ts'
import { clientClass } from '../database/naming/client.ts'
import { connectionOptions, unpinnedOptions } from '../database/pools.ts'
import type { Env } from '../env.ts'

/** Of one statement. A table that is too large for it is a finding, and no load. */
const STATEMENT_MS = 2000
/** No statement of ours waits behind a migration, nor anybody behind us. */
const LOCK_MS = 200
const CONNECT_MS = 5000
/** For a server that hangs: the other limits are its own. */
const RESPONSE_MS = STATEMENT_MS + 1000

export type Query = Ask

/** Looks and changes nothing: every look is one transaction that may only read. */
export type Reader = {
  read: <Result>(work: (query: Query) => Promise<Result>) => Promise<Result>
  end: () => Promise<void>
}

type UrlName = 'DATABASE_URL' | 'DATABASE_URL_DIRECT' | 'BACKEND_DATABASE_URL' | 'BACKEND_MIGRATION_DATABASE_URL'

/** A connection that is opened when it is needed, and again after an error: what hangs once must not hang the rest. */
export function createReader(env: Env, name: UrlName, url: string): Reader {
  let open: Promise<pg.Client> | undefined

  async function end(): Promise<void> {
    const client = await open?.catch(() => undefined)
    open = undefined
    void client?.end().catch(() => undefined)
  }

  return {
    end,
    read: async (work) => {
      open ??= connect(env, name, url)
      const client = await open.catch(async (error: unknown) => {
        open = undefined
        throw error
      })
      try {
        await client.query(BEGIN)
        const result = await work(askOver(client))
        await client.query('ROLLBACK')
        return result
      } catch (error) {
        await end()
        throw error
      }
    },
  }
}

/** LOCAL: behind a pooler, what is set for the session would stay for whoever gets the connection next. */
const BEGIN = `BEGIN TRANSACTION READ ONLY;
  SET LOCAL statement_timeout = ${STATEMENT_MS}; SET LOCAL lock_timeout = ${LOCK_MS};
  SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off;
  SET LOCAL search_path = pg_catalog, pg_temp`

export async function connect(env: Env, name: UrlName, url: string): Promise<pg.Client> {
  const client = new (clientClass(env))({ ...connectionOptions(env, name, url), ...LIMITS })
  client.on('error', () => undefined) // the statement that waits rejects
  await client.connect()
  return client
}

/** One statement on a connection as requests get it: a look has settings of its own. */
export async function readPooled<Result>(env: Env, work: (query: Query) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ ...unpinnedOptions(env, 'DATABASE_URL', env.DATABASE_URL), ...LIMITS })
  client.on('error', () => undefined) // the statement that waits rejects
  try {
    await client.connect()
    return await work(askOver(client))
  } finally {
    void client.end().catch(() => undefined)
  }
}

export const LIMITS = {
  application_name: 'auth-server-doctor',
  connectionTimeoutMillis: CONNECT_MS,
  query_timeout: RESPONSE_MS,
}
