import type { MiddlewareHandler } from 'hono'
import { HOLD_MS } from '../revocation/protocol.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'

type Outcome = {
  method: string
  endpoint: Pick<Endpoint, 'mayEndSessions'> | undefined
  status: number
  mayEndSessions: boolean | undefined
}

/**
 * Strict sign-out: a response that acknowledges the end of a session leaves when no service can still have a lease from
 * before it. Outside of whatever the handler occupied, and also when the caller has disconnected.
 */
export function holdEnds(): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    await next()
    const { method } = c.req
    const [endpoint, mayEndSessions] = [c.get('endpoint'), c.get('mayEndSessions')]
    if (isHeld({ method, endpoint, status: c.res.status, mayEndSessions })) await pass(HOLD_MS)
  }
}

/** They say that a session, or a user, does not exist: perhaps since a moment ago. */
const GONE = new Set([401, 404])

/**
 * By path as well as by what was written: a second sign-out finds nothing left to delete, a moment after the first one
 * commits, and the response is "done" all the same.
 */
export function isHeld({ method, endpoint, status, mayEndSessions }: Outcome): boolean {
  const isAcknowledged = method !== 'GET' && (status < 400 || GONE.has(status)) && endpoint?.mayEndSessions !== false
  return isAcknowledged || mayEndSessions === true
}

/** At least as long by the monotonic clock; a timer alone may be early by a millisecond. */
async function pass(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)))
  }
}
