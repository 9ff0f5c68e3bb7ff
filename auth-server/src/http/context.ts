import type { HttpBindings } from '@hono/node-server'
import type { WebSocket } from 'ws'

/** What the middleware of http/ leaves on a request for those behind it. */
export type HttpEnv = {
  Bindings: HttpBindings & {
    /** Only where the caller asks for another protocol: accepts it, once the response is ready. See upgrade.ts. */
    upgrade?: (accept: (socket: WebSocket) => void) => void
  }
  Variables: {
    requestId: string
    /** The route's pattern, for log and metrics: a raw URL may carry a token. */
    route: string | undefined
    /** The parsed body, an object; undefined when none was sent. */
    body: Record<string, unknown> | undefined
  }
}
