import { Hono } from 'hono'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import { accessLog } from './access-log.ts'
import type { HttpEnv } from './context.ts'
import { errorResponse } from './error-response.ts'
import type { CountRequest } from './metrics.ts'
import { chooseRequestId } from './request-id.ts'
import { setResponseHeaders } from './response-headers.ts'

/**
 * What both ports share: request id, log line, headers, the one error body. Routes come on top.
 * One middleware for all of it: each more costs a session check as much as verifying its signature.
 */
export function createBase({ log, count }: { log: Log; count: CountRequest }): Hono<HttpEnv> {
  const logRequest = accessLog({ log, count })
  const app = new Hono<HttpEnv>()
  app.use(async (c, next) => {
    const startedAt = performance.now()
    c.set('requestId', chooseRequestId(c.req.header('x-request-id')))
    await next()
    setResponseHeaders(c)
    logRequest(c, performance.now() - startedAt)
  })
  app.notFound((c) => errorResponse(new HttpError('NOT_FOUND'), c))
  app.onError(errorResponse)
  return app
}
