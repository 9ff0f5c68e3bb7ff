import type { Pool, PoolClient } from 'pg'
import type { Log } from '../log.ts'

type Statement = string | { text?: string; name?: string }
type Query = (...args: unknown[]) => unknown
/** Long enough to recognise a statement by; better-auth lists every column. */
const SHOWN = 500

/** Logs each statement that takes `slowMs` or longer, waiting for its rows included. Its text has $1 where values were. */
export function logSlowQueries(pool: Pool, { slowMs, name, log }: { slowMs: number; name: string; log: Log }): void {
  if (slowMs === 0) return
  pool.on('connect', (client) =>
    watch(client, (statement, milliseconds) => {
      if (milliseconds < slowMs) return
      log.warn({ pool: name, statement: textOf(statement), milliseconds: Math.round(milliseconds) }, 'a slow statement')
    }),
  )
}

/** node-postgres has no hook for it. `query` takes a callback or gives a promise: the pool does the one, Kysely the other. */
function watch(client: PoolClient, report: (statement: Statement, milliseconds: number) => void): void {
  const query = client.query.bind(client) as Query
  client.query = ((...args: unknown[]) => {
    const begin = performance.now()
    const done = () => report(args[0] as Statement, performance.now() - begin)
    const callback = args.at(-1)
    if (typeof callback !== 'function') {
      const result = query(...args)
      if (result instanceof Promise) result.then(done, done)
      return result
    }
    return query(...args.slice(0, -1), (...results: unknown[]) => {
      done()
      callback(...results)
    })
  }) as typeof client.query
}

function textOf(statement: Statement): string {
  const text = typeof statement === 'string' ? statement : (statement.text ?? statement.name ?? '')
  return text.replace(/\s+/g, ' ').trim().slice(0, SHOWN)
}
