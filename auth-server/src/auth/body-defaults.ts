import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../http/context.ts'

type Body = Record<string, unknown>

/** Where what a caller leaves out means something else here than in better-auth. */
const DEFAULTS: Record<string, (body: Body) => Body> = {
  // OWASP ASVS 7.4.3: better-auth would keep the others, and whoever stole one of them with it.
  '/api/auth/change-password': (body) => ({ revokeOtherSessions: true, ...body }),
  '/api/auth/sign-up/email': (body) => (isBlank(body.name) ? { ...body, name: localPart(body.email) } : body),
}

export function bodyDefaults(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const [body, complete] = [c.get('body'), DEFAULTS[c.get('route') ?? '']]
    if (body && complete) c.set('body', complete(body))
    await next()
  }
}

/** White space only. `trim` takes U+FEFF for it, which is no blank name but an invisible one. */
const BLANK = /^\p{White_Space}*$/u

function isBlank(name: unknown): boolean {
  return name === undefined || (typeof name === 'string' && BLANK.test(name))
}

/** Of what is no address, better-auth complains. */
function localPart(email: unknown): string {
  return typeof email === 'string' ? email.slice(0, Math.max(0, email.lastIndexOf('@'))) : ''
}
