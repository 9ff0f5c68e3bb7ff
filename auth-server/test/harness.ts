import type { AddressInfo } from 'node:net'
import { createApp } from '../src/app.ts'
import { migrate } from '../src/database/migrate.ts'
import { createPools } from '../src/database/pools.ts'
import { readiness } from '../src/database/readiness.ts'
import { readEnv } from '../src/env.ts'
import { createRequestMetrics } from '../src/http/metrics.ts'
import { startServer, stopServer } from '../src/http/server.ts'
import { createLog } from '../src/log.ts'
import { createRegistry } from '../src/metrics.ts'
import { createIdentify } from '../src/sessions/identify.ts'
import { createInternalApp } from '../src/sessions/internal-app.ts'
import { countChecks } from '../src/sessions/metrics.ts'
import { createTestDatabase } from './database.ts'
import { startProxy } from './proxy.ts'

/** A database of its own, migrated, behind a proxy of its own, and the real server on both ports in front of it. */
export async function startTestStack(changes: Record<string, string> = {}) {
  const database = await createTestDatabase()
  await migrate(database.env(changes), createLog({ LOG_LEVEL: 'silent' }))
  const proxy = await startProxy(database)
  const server = await startTestServer({ ...database.variables(proxy.port), ...changes })
  return {
    ...server,
    database,
    proxy,
    sql: database.sql,
    stop: async () => {
      await server.stop()
      await proxy.close()
      await database.drop()
    },
  }
}

/** What serve.ts starts, on free ports and with its log in an array. Migrates nothing. */
export async function startTestServer(variables: Record<string, string>) {
  const lines: string[] = []
  const env = readEnv({ CORS_ORIGIN: 'http://localhost:3000', RATE_LIMIT_SIGN_IN: '1000/10', ...variables })
  const log = createLog({ LOG_LEVEL: 'debug' }, { write: (line) => void lines.push(line) })
  const pools = createPools(env, log)
  const registry = createRegistry(pools)
  const count = createRequestMetrics(registry)
  const identify = countChecks(registry, createIdentify({ env, pool: pools.sessions, log }))
  const ready = () => readiness(pools, env)
  const app = createApp({ env, log, count: count('public'), pool: pools.auth, identify, readiness: ready })
  const internal = createInternalApp({ env, log, count: count('internal'), identify, registry })
  const servers = [
    await startServer(app.fetch, { host: '127.0.0.1', port: 0, variable: 'AUTH_PORT' }, log),
    await startServer(internal.fetch, { host: '127.0.0.1', port: 0, variable: 'AUTH_INTERNAL_PORT' }, log),
  ]
  const [url = '', internalUrl = ''] = servers.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  )
  return {
    env,
    log,
    lines,
    pools,
    identify,
    registry,
    url,
    internalUrl,
    stop: async () => {
      await Promise.all(servers.map((server) => stopServer(server, 1000)))
      await pools.end()
    },
  }
}
