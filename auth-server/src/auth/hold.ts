import type { MiddlewareHandler } from 'hono'
import type { AuthEnv, Endpoint } from './endpoint.ts'

type Outcome = {
  method: string
  endpoint: Pick<Endpoint, 'mayEndSessions'> | undefined
  status: number
  mayEndSessions: boolean | undefined
}

/** Resolves when no service accepts any more what has been ended so far: see revocation/endings.ts. */
export type Settled = () => Promise<void>

/**
 * Strict sign-out: a response that acknowledges the end of a session leaves when no service can still accept it. Outside
 * of whatever the handler occupied, and also when the caller has disconnected.
 */
export function holdEnds(settled: Settled): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    await next()
    const { method } = c.req
    const [endpoint, mayEndSessions] = [c.get('endpoint'), c.get('mayEndSessions')]
    if (isHeld({ method, endpoint, status: c.res.status, mayEndSessions })) await settled()
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
