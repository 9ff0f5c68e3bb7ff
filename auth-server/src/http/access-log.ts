import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { Log } from '../log.ts'
import type { HttpEnv } from './context.ts'
import { toHttpError } from './error-response.ts'
import type { CountRequest } from './metrics.ts'

/** One line and one count per request, under the route's pattern. A 5xx carries its cause; nothing else logs it. */
export function accessLog({ log, count }: { log: Log; count: CountRequest }) {
  return function logRequest(c: Context<HttpEnv>, milliseconds: number): void {
    const route = c.get('route') ?? routePattern(c)
    const { status } = c.res
    count({ method: c.req.method, route, status, seconds: milliseconds / 1000 })

    const line = {
      requestId: c.get('requestId'),
      method: c.req.method,
      route,
      status,
      ms: Math.round(milliseconds * 10) / 10,
    }
    const failed = c.error && describe(c.error)
    if (status >= 500 && failed?.err) log.error({ ...line, ...failed }, 'request failed')
    else if (status >= 500) log.warn({ ...line, ...failed }, 'request refused')
    else if (route.startsWith('/health') || route === '/metrics') log.debug(line, 'request')
    else log.info({ ...line, ...failed }, 'request')
  }
}

/** The code, and the cause where the error was not foreseen: a full queue has none, a lost connection has one. */
function describe(error: Error) {
  const { code, cause } = toHttpError(error)
  return cause === undefined ? { code } : { code, err: cause }
}

/** The pattern of the route that responded; a middleware's pattern says nothing and counts as unknown. */
function routePattern(c: Context): string {
  const path = routePath(c)
  return path.endsWith('*') ? 'unknown' : path
}
