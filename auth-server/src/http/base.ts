import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { NotFound } from '../errors.ts'
import type { Log } from '../log.ts'
import { accessLog } from './access-log.ts'
import type { HttpEnv } from './context.ts'
import { answerError } from './error-answer.ts'
import type { CountRequest } from './metrics.ts'
import { requestId } from './request-id.ts'

/** For answers that are data. HSTS is left to who terminates TLS: it speaks for the whole domain. */
const HEADERS = {
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  xFrameOptions: 'DENY',
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/** What both ports share: request id, log line, headers, the one error body. Routes come on top. */
export function createBase({ log, count }: { log: Log; count: CountRequest }): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(requestId())
  app.use(accessLog({ log, count }))
  app.use(secureHeaders(HEADERS))
  app.use(async (c, next) => {
    await next()
    // Every answer here is about one person or one moment.
    c.header('cache-control', 'no-store')
  })
  app.notFound((c) => answerError(new NotFound(), c))
  app.onError(answerError)
  return app
}
