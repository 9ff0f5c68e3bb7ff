import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './context.ts'

const ACCEPTABLE = /^[A-Za-z0-9._-]{8,64}$/

/** A caller's x-request-id is kept where it is safe to log, so that one id follows a request through all services. */
function chooseRequestId(presented: string | undefined): string {
  return presented !== undefined && ACCEPTABLE.test(presented) ? presented : randomUUID()
}

export function requestId(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const id = chooseRequestId(c.req.header('x-request-id'))
    c.set('requestId', id)
    await next()
    c.header('x-request-id', id)
  }
}
