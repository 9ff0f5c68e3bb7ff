import type { HttpBindings } from '@hono/node-server'

/** What the middleware of http/ leaves on a request for those behind it. */
export type HttpEnv = {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    /** The route's pattern, for log and metrics: a raw URL may carry a token. */
    route: string | undefined
    /** The parsed body, an object; undefined when none was sent. */
    body: Record<string, unknown> | undefined
  }
}
