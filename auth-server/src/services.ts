import { collectDefaultMetrics, Registry } from 'prom-client'
import { createApp } from './app.ts'
import { rateLimitStorage } from './auth/rate-limit.ts'
import { createDatabaseClock, observeClock } from './clock/database-clock.ts'
import { createConnectedServices } from './connected/connected-services.ts'
import { createPools, observePools, type Pools } from './database/pools.ts'
import { watchReplication } from './database/replication.ts'
import type { Env } from './env.ts'
import { createRequestMetrics } from './http/metrics.ts'
import { createInternalApp } from './internal-app.ts'
import type { Log } from './log.ts'
import { startDelivery } from './mail/start.ts'
import { createReadiness } from './migrations/readiness.ts'
import { OldTokens } from './old-tokens/old-tokens.ts'
import { beside } from './pages/beside.ts'
import { createPages } from './pages/pages.ts'
import { type Hashing, hashing } from './passwords/hash.ts'
import { startFeed } from './revocation/feed.ts'
import { createSettled } from './revocation/lasting.ts'
import type { Revocation } from './revocation/protocol.ts'
import { RecentEnds } from './revocation/recent-ends.ts'
import { createIdentify } from './sessions/identify.ts'
import { LastUses } from './sessions/last-uses.ts'
import { countChecks } from './sessions/metrics.ts'

/** For tests. `background`: pools for the clock and the feed, where a test watches what the others do. */
type Changes = {
  background?: Pools
  feed?: Pick<Parameters<typeof startFeed>[0], 'timing' | 'limits'>
  hashing?: Hashing
}

/**
 * Puts the server together. The feed and the delivery of mails start with it; ports are the caller's to open, and feed, mail
 * and pools to end.
 */
export function createServices(env: Env, log: Log, changes: Changes = {}) {
  const registry = new Registry()
  const ends = new RecentEnds({ env, log, registry, pool: () => background.sessions })
  const pools = createPools(env, log, ends.onPrimary)
  const background = changes.background ?? pools
  observe(registry, pools)
  const replication = watchReplication({ pool: background.sessions, log, registry })
  const count = createRequestMetrics(registry)
  const clock = createDatabaseClock({ pool: background.auth, log })
  observeClock(registry, clock)
  const readiness = createReadiness(pools, env)
  const lastUses = new LastUses({ env, pool: background.auth, log })
  const identify = countChecks(registry, createIdentify({ env, pool: pools.sessions, log, lastUses }))
  const oldTokens = new OldTokens({ env, pool: pools.sessions, log, registry })
  const renewPools = () => {
    for (const some of new Set([pools, background])) some.renew()
    void replication.look()
  }
  const hear = (revocation: Revocation) => ends.hear(revocation)
  const feed = startFeed({ env, renewPools, hear, log, registry, ...changes.feed })
  const settled = createSettled({ feed, ends, renewPools, pool: pools.sessions })
  const spacing = rateLimitStorage({ env, pool: background.auth })
  const mail = startDelivery({ env, pool: background.auth, log, registry, spacing })
  const connected = createConnectedServices({ env, pool: pools.auth, log })
  const { accessTokens } = connected
  /** Set when the process is told to stop, a while before it does. */
  const lifecycle = { isStopping: false }
  const app = createApp({
    ...{
      env,
      log,
      count: count('public'),
      pool: pools.auth,
      identify,
      readiness,
      clock,
      mail,
      lastUses,
      oldTokens,
      feed,
      settled,
    },
    services: connected,
    lifecycle,
    hashing: changes.hashing ?? hashing,
    registry,
  })
  return {
    lifecycle,
    ...{ env, log, pools, registry, clock, readiness, identify, lastUses, feed, ends, mail, app },
    /** What the public port serves: the app, and the pages where this server has them. */
    publicFetch: beside(app, env.SERVE_PAGES ? createPages({ env, log, count: count('public') }) : undefined),
    internalApp: createInternalApp({
      ...{ env, log, feed, registry, accessTokens },
      count: count('internal'),
      identify: oldTokens.orSession(identify),
    }),
  }
}

export type Services = ReturnType<typeof createServices>

/** What GET /metrics shows of this process and its pools; the features add their own. */
function observe(registry: Registry, pools: Pools): void {
  collectDefaultMetrics({ register: registry })
  observePools(registry, pools)
}
