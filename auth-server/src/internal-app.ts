import { timingSafeEqual } from 'node:crypto'
import type { Hono, MiddlewareHandler } from 'hono'
import type { Registry } from 'prom-client'
import type { AccessTokens } from './connected/access-tokens.ts'
import { respondWithAccessToken } from './connected/internal-routes.ts'
import type { Env } from './env.ts'
import { HttpError, methodNotAllowed } from './errors.ts'
import { respond } from './health.ts'
import { createBase } from './http/base.ts'
import { bodyGuard } from './http/body-guard.ts'
import type { HttpEnv } from './http/context.ts'
import type { CountRequest } from './http/metrics.ts'
import type { Log } from './log.ts'
import type { Feed } from './revocation/feed.ts'
import { respondWithFeed } from './revocation/feed.ts'
import type { Identify } from './sessions/identify.ts'
import { getOnly, respondWithSession } from './sessions/routes.ts'

type Parts = {
  env: Pick<Env, 'INTERNAL_TOKEN'>
  log: Log
  count: CountRequest
  identify: Identify
  feed: Feed
  registry: Registry
  accessTokens: AccessTokens
}

/** The private port, for services: no rate limit, no CORS, and nothing but /health/live without the internal token. */
export function createInternalApp({ env, log, count, identify, feed, registry, accessTokens }: Parts): Hono<HttpEnv> {
  return (
    createBase({ log, count })
      .get('/health/live', (c) => respond(c, 'live'))
      .use(requireInternalToken(env.INTERNAL_TOKEN))
      // A service that holds no browser's request, only a stream's, has no browser to give a renewed cookie to.
      .get('/internal/session', (c) =>
        respondWithSession(c, identify, { disableRefresh: c.req.query('disableRefresh') === 'true' }),
      )
      .all('/internal/session', getOnly)
      .get('/internal/feed', (c) => respondWithFeed(c, feed))
      .all('/internal/feed', getOnly)
      .post('/internal/access-token', bodyGuard(), (c) => respondWithAccessToken(c, accessTokens))
      .all('/internal/access-token', () => {
        throw methodNotAllowed(['POST'])
      })
      .get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }))
      .all('/metrics', getOnly)
  )
}

function requireInternalToken(expected: string): MiddlewareHandler<HttpEnv> {
  const wanted = Buffer.from(expected)
  return (c, next) => {
    const presented = c.req.header('x-internal-token') ?? ''
    // Cut or filled to one length, because timingSafeEqual needs equal lengths, and a length reveals something too.
    const given = Buffer.alloc(wanted.length)
    given.write(presented, 'latin1')
    if (!timingSafeEqual(given, wanted) || presented.length !== wanted.length)
      throw new HttpError('INTERNAL_TOKEN_REQUIRED')
    return next()
  }
}
