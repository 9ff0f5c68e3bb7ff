import { join } from 'node:path'
import pg from 'pg'
import type { Account } from '../postgres/account.ts'
import { type Cluster, openCluster } from '../postgres/cluster.ts'
import { childrenOf } from '../processes/group.ts'
import { refuseTakenPorts } from './ports.ts'
import type { Service } from './service.ts'

export type PostgresOptions = { folder: string; account: Account; settings: Record<string, string>; port?: number }
export type PostgresService = Service & { cluster: Cluster }

export function postgresService({ folder, account, settings, port }: PostgresOptions): PostgresService {
  const logFile = join(folder, 'logs', 'postgres.log')
  const data = join(folder, 'postgres')
  const cluster = openCluster({ folder: data, logFile, account, settings, ...(port !== undefined && { port }) })

  function send(signal: NodeJS.Signals) {
    const pid = cluster.running()?.pid
    if (pid === undefined) return
    // Each backend leads a group of its own. The postmaster first: it would clean up after children that it sees die.
    for (const one of [pid, ...childrenOf(pid)]) sendTo(one, signal)
  }

  return {
    name: 'postgres',
    logFile,
    cluster,
    get ports() {
      const actual = cluster.running()?.port ?? port
      return actual === undefined ? [] : [{ variable: 'POSTGRES_PORT', port: actual }]
    },
    pid: () => cluster.running()?.pid,
    async start() {
      if (cluster.running()) return
      if (port !== undefined) await refuseTakenPorts('postgres', [{ variable: 'POSTGRES_PORT', port }])
      await cluster.start()
    },
    async stop() {
      if (!cluster.running()) return false
      send('SIGCONT')
      await cluster.stop()
      return true
    },
    send,
    isAnswering: async () => canQuery(cluster.running()?.adminUrl),
  }
}

function sendTo(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function canQuery(url: string | undefined): Promise<boolean> {
  if (url === undefined) return false
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 })
  // A server that is killed meanwhile tells this connection too; the query's own failure is enough.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
