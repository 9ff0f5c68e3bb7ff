import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../http/context.ts'
import { HOLD_MS } from '../revocation/protocol.ts'

/** What ends no session and changes nothing that a session check answers, and is asked for often. The rest is held. */
const HARMLESS = new Set(
  [
    'get-session',
    'sign-in/email',
    'sign-in/social',
    'sign-up/email',
    'verify-password',
    'request-password-reset',
    'send-verification-email',
    'admin/has-permission',
  ].map((path) => `/api/auth/${path}`),
)

type Answered = { method: string; route: string | undefined; status: number; mayEndSessions: boolean | undefined }

/**
 * Strict sign-out: an answer that acknowledges the end of a session leaves when no service can still have a lease from
 * before it. Outside of whatever the handler occupied, and also when the caller has gone.
 */
export function holdEnds(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    await next()
    const { method } = c.req
    const answered = { method, route: c.get('route'), status: c.res.status, mayEndSessions: c.get('mayEndSessions') }
    if (isHeld(answered)) await pass(HOLD_MS)
  }
}

/** They tell that a session, or a user, is gone: perhaps since a moment ago. */
const GONE = new Set([401, 404])

/**
 * By path as well as by what was written: who signs out a second time finds nothing left to delete, a moment after the
 * first commit, and is told "done" all the same.
 */
export function isHeld({ method, route = '', status, mayEndSessions }: Answered): boolean {
  const isAcknowledged = method !== 'GET' && (status < 400 || GONE.has(status)) && !HARMLESS.has(route)
  return isAcknowledged || mayEndSessions === true
}

/** At least as long by the monotonic clock; a timer alone may be early by a millisecond. */
async function pass(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)))
  }
}
