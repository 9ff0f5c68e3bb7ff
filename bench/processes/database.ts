import { listenerOf } from '../../dev/src/processes/ports.ts'
import { childrenOf } from '../../dev/src/processes/table.ts'
import { query, searchBoth } from '../../dev/src/sql.ts'
import type { Group } from './cpu-meter.ts'

/** The stack's PostgreSQL, as its superuser. */
export type Database = {
  /** The server and each of its connections: they are processes. */
  processes: Group
  /** The address of one of its databases. */
  url(name: string): string
  /** Creates another database and returns its address. */
  create(name: string): Promise<string>
  /** Runs statements on one connection in the stack's own database; returns the rows of a single query. */
  sql<Row>(statements: string): Promise<Row[]>
}

export const STACK_DATABASE = 'auth_sidecar'

export function openDatabase(adminUrl: string): Database {
  const server = listenerOf(Number(new URL(adminUrl).port))
  if (server === undefined) throw new Error('PostgreSQL is not found among the processes of this machine')
  const access = { adminUrl, options: searchBoth({}) }
  const url = (name: string) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href
  return {
    processes: () => [server, ...childrenOf(server)],
    url,
    create: async (name) => {
      await query(access, `CREATE DATABASE ${name}`)
      return url(name)
    },
    sql: async (statements) => JSON.parse(await query(access, statements)),
  }
}
