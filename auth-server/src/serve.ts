import type { Server } from 'node:http'
import closeWithGrace from 'close-with-grace'
import type { Hono } from 'hono'
import { createApp } from './app.ts'
import { lowerHashingPriority } from './auth/hashing-priority.ts'
import { createDatabaseClock, observeClock } from './clock/database-clock.ts'
import { keepAsking, setProcessDate } from './clock/process-date.ts'
import { startCleanup } from './database/cleanup.ts'
import { createPools, type Pools } from './database/pools.ts'
import type { Env } from './env.ts'
import { ConfigurationError } from './errors.ts'
import type { HttpEnv } from './http/context.ts'
import { createRequestMetrics } from './http/metrics.ts'
import { startServer, stopServer } from './http/server.ts'
import { acceptUpgrades } from './http/upgrade.ts'
import { createInternalApp } from './internal-app.ts'
import type { Log } from './log.ts'
import { createRegistry } from './metrics.ts'
import { createReadiness, type Readiness } from './migrations/readiness.ts'
import { startFeed } from './revocation/feed.ts'
import { createIdentify } from './sessions/identify.ts'
import { countChecks } from './sessions/metrics.ts'

const GRACE_MS = 10_000

/** Starts both ports; resolves when they listen. The process then lives until it is told to stop. */
export async function serve(env: Env, log: Log): Promise<void> {
  await lowerHashingPriority(log)
  const pools = createPools(env, log)
  const clock = createDatabaseClock({ pool: pools.auth, log })
  setProcessDate(clock.now)
  const ready = createReadiness(pools, env)
  await refuseUnmigrated(env, pools, ready)

  const registry = createRegistry(pools)
  observeClock(registry, clock)
  const count = createRequestMetrics(registry)
  const identify = countChecks(registry, createIdentify({ env, pool: pools.sessions, log }))
  const app = createApp({ env, log, count: count('public'), pool: pools.auth, identify, readiness: ready, clock })
  const feed = startFeed({ env, pool: pools.sessions, log, registry })
  const internal = createInternalApp({ env, log, count: count('internal'), identify, feed, registry })

  const servers = [
    await startServer(app.fetch, { port: env.AUTH_PORT, host: env.AUTH_HOST, variable: 'AUTH_PORT' }, log),
    await startInternal(internal, env, log),
  ]
  const stopCleanup = startCleanup({ pools, env, log })
  const stopAsking = keepAsking(clock, log)

  closeWithGrace({ delay: GRACE_MS + 2000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'stopping after an error nobody caught')
    else log.info({ signal }, 'stopping')
    stopAsking()
    await Promise.all([...servers.map((server) => stopServer(server, GRACE_MS)), feed.stop(), stopCleanup()])
    await pools.end()
  })
}

async function startInternal({ fetch }: Hono<HttpEnv>, env: Env, log: Log): Promise<Server> {
  const address = { port: env.AUTH_INTERNAL_PORT, host: env.AUTH_INTERNAL_HOST, variable: 'AUTH_INTERNAL_PORT' }
  const server = await startServer(fetch, address, log)
  acceptUpgrades(server, fetch)
  return server
}

/** A database that is away is waited for, by answering 503; one that is behind would be served wrongly. */
async function refuseUnmigrated(env: Env, pools: Pools, readiness: () => Promise<Readiness>): Promise<void> {
  if (env.NODE_ENV !== 'production') return
  const found = await readiness()
  if (found.state === 'ready' || found.state === 'database-unavailable') return
  await pools.end()
  if (found.state === 'misconfigured') throw new ConfigurationError(found.problems)
  if (found.state === 'schema-differs') {
    throw new ConfigurationError([
      ...found.problems,
      'run the migrate command first: it repairs these, or says what to do',
    ])
  }
  throw new ConfigurationError(['the database is not migrated for this version: run the migrate command first'])
}
