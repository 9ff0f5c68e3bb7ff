import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { HttpError } from '../errors.ts'
import { duringRequest, type Log } from '../log.ts'
import { accessLog } from './access-log.ts'
import type { HttpEnv } from './context.ts'
import { errorResponse } from './error-response.ts'
import type { CountRequest } from './metrics.ts'

type Parts = {
  log: Log
  count: CountRequest
  /** Of every response, over what its route set. */
  headers?: Readonly<Record<string, string>>
}

/**
 * What both ports share: request id, log line, headers, the one error body. Routes come on top.
 * One middleware for all of it: each more costs a session check as much as verifying its signature.
 */
export function createBase({ log, count, headers = DATA_HEADERS }: Parts): Hono<HttpEnv> {
  const logRequest = accessLog({ log, count })
  const fixed = Object.entries(headers)
  const app = new Hono<HttpEnv>()
  app.use(async (c, next) => {
    const startedAt = performance.now()
    c.set('requestId', chooseRequestId(c.req.header('x-request-id')))
    await duringRequest(c.get('requestId'), next)
    setResponseHeaders(c, fixed)
    logRequest(c, performance.now() - startedAt)
  })
  app.notFound((c) => errorResponse(new HttpError('NOT_FOUND'), c))
  app.onError(errorResponse)
  return app
}

/** What the other services keep too: contract/limits.json. */
export const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

/** A caller's x-request-id is kept where it is safe to log, so that one id follows a request through all services. */
function chooseRequestId(presented: string | undefined): string {
  return presented !== undefined && REQUEST_ID.test(presented) ? presented : randomUUID()
}

/**
 * For responses that are data, each about one user or one moment. HSTS is left to the proxy that terminates TLS: it speaks for
 * the whole domain.
 */
const DATA_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Over what the route set. On the response itself: `c.header()` would make another one for each header. */
function setResponseHeaders(c: Context<HttpEnv>, fixed: readonly (readonly [string, string])[]): void {
  const { headers } = c.res
  for (const [name, value] of fixed) headers.set(name, value)
  headers.set('x-request-id', c.get('requestId'))
  const retryAfter = headers.get('retry-after')
  if (retryAfter !== null) headers.set('x-retry-after', retryAfter) // the name that better-auth's clients look for
}
