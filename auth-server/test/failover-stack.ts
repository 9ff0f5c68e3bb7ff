import { createLog } from '../src/log.ts'
import { migrate } from '../src/migrations/migrate.ts'
import { ask, startPrimary } from './clusters.ts'
import { createTestDatabase } from './database.ts'
import { startTestServer } from './harness.ts'
import { startProxy } from './proxy.ts'
import { until } from './until.ts'

type Server = { port: number; adminUrl: string }

/** Times that a test can wait for. A database that only responds late, on a busy machine, must not look like one that hangs. */
const TIMING = { responseMs: 2000, probeEveryMs: 200 }

/** A database on a primary with a standby, and servers that reach both through a balancer of their own. */
export async function startFailoverStack() {
  const clusters = await startPrimary()
  const database = await createTestDatabase(clusters.primary.adminUrl)
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  const { primary, standby } = await clusters.addStandby()
  // It responds as soon as it has read what was copied, and may not have connected by then.
  const isFollowing = `SELECT FROM pg_stat_replication WHERE state = 'streaming'`
  await until(async () => (await ask(primary.adminUrl, isFollowing)).length > 0)

  /** The database on one of them, as superuser. */
  const on = (server: Server) => {
    const url = new URL(server.adminUrl)
    url.pathname = new URL(database.ownerUrl).pathname
    return url.href
  }

  return {
    primary,
    standby,
    on,
    caughtUp: (sql: string) => until(async () => (await ask(on(standby), sql)).length > 0),
    startServer: async (changes: Record<string, string> = {}) => {
      const balancer = await startProxy({ host: '127.0.0.1', port: primary.port })
      const { DATABASE_URL = '' } = database.variables(balancer.port)
      const variables = { ...database.variables(), DATABASE_URL, DATABASE_URL_DIRECT: DATABASE_URL, ...changes }
      const server = await startTestServer(variables, { timing: TIMING })
      await until(() => server.feed.isListening())
      return {
        ...server,
        balancer,
        leadTo: ({ port }: Server) => balancer.lead({ host: '127.0.0.1', port }),
        ready: async () => {
          const response = await fetch(`${server.url}/health/ready`)
          return [response.status, ((await response.json()) as { code?: string }).code]
        },
        stop: async () => {
          await server.stop()
          await balancer.close()
        },
      }
    },
    stop: () => clusters.stop(),
  }
}
