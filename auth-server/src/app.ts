import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Pool } from 'pg'
import type { Registry } from 'prom-client'
import { activityRoutes } from './audit/routes.ts'
import { featureRoutes } from './auth/features.ts'
import type { Settled } from './auth/hold.ts'
import { authRoutes } from './auth/routes.ts'
import type { DatabaseClock } from './clock/database-clock.ts'
import type { ConnectedServices } from './connected/connected-services.ts'
import { connectedServiceRoutes } from './connected/routes.ts'
import { deviceRoutes } from './devices/routes.ts'
import type { Env } from './env.ts'
import { healthRoutes } from './health.ts'
import { createBase } from './http/base.ts'
import type { HttpEnv } from './http/context.ts'
import type { CountRequest } from './http/metrics.ts'
import { takeTurns } from './http/turns.ts'
import type { Log } from './log.ts'
import type { Delivery } from './mail/start.ts'
import type { Readiness } from './migrations/readiness.ts'
import type { OldTokens } from './old-tokens/old-tokens.ts'
import type { Hashing } from './passwords/hash.ts'
import type { Feed } from './revocation/feed.ts'
import type { Identify } from './sessions/identify.ts'
import type { LastUses } from './sessions/last-uses.ts'
import { takeBackOthers } from './sessions/other-cookies.ts'
import { sessionRoutes } from './sessions/routes.ts'

type Parts = {
  env: Env
  log: Log
  count: CountRequest
  pool: Pool
  identify: Identify
  readiness: () => Promise<Readiness>
  clock: DatabaseClock
  mail: Pick<Delivery, 'wake'>
  lastUses: LastUses
  oldTokens: OldTokens
  services: ConnectedServices
  hashing: Hashing
  registry: Registry
  feed: Pick<Feed, 'isListening' | 'problems'>
  settled: Settled
  lifecycle: { isStopping: boolean }
}

/** The public port at a glance: what runs on a request, in order. The private one is internal-app.ts. */
export function createApp(parts: Parts): Hono<HttpEnv> {
  const { env, log, count, pool, identify, readiness, clock, mail, lastUses, services, hashing, registry, feed } = parts
  const { settled, oldTokens } = parts
  const readConnections = (userId: string) => services.connections.readOf(userId)
  return createBase({ log, count })
    .use(takeTurns())
    .use(crossOrigin(env))
    .use('/api/auth/*', takeBackOthers(env))
    .route('/', healthRoutes({ readiness, clock, feed, lifecycle: parts.lifecycle, log }))
    .route('/', sessionRoutes(identify))
    .route('/', featureRoutes(env))
    .route('/', deviceRoutes({ env, pool, identify, settled, endOldTokens: oldTokens.endAll }))
    .route('/', activityRoutes({ env, pool, identify }))
    .route('/', connectedServiceRoutes({ env, pool, identify, services }))
    .route(
      '/',
      authRoutes({ env, pool, log, clock, mail, lastUses, readConnections, oldTokens, hashing, registry, settled }),
    )
}

/** Exactly the configured origins; a page anywhere else gets no permission to read. */
function crossOrigin(env: Env) {
  return cors({
    origin: env.CORS_ORIGIN,
    credentials: true,
    allowMethods: ['GET', 'POST', 'DELETE'],
    // The last four: W3C Trace Context and Baggage, and Sentry's, which tracing in a page adds to every call.
    allowHeaders: [
      ...['content-type', 'authorization', 'x-request-id'],
      ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
    ],
    exposeHeaders: ['set-auth-token', 'x-request-id', 'retry-after', 'x-retry-after'],
    maxAge: 600,
  })
}
