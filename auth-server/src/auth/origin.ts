import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { hasOwnCookie } from '../sessions/cookies.ts'
import { isBearer } from '../sessions/credential.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'

/** RFC 9110 §9.2.1: nothing is changed by these. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Keeps other sites from acting with a visitor's cookie, and from signing the visitor in as somebody else. The rule is
 * the package's too (auth_sidecar/requests/csrf.py), and contract/origins.json lists its cases. It runs before better-auth's
 * own, which believes a Referer and asks for an Origin beside a bearer.
 */
export function refuseCrossSite({ CORS_ORIGIN }: Pick<Env, 'CORS_ORIGIN'>): MiddlewareHandler<AuthEnv> {
  const allowed = new Set(CORS_ORIGIN)
  return async (c, next) => {
    if (!SAFE_METHODS.has(c.req.method) && mustBeOurs(c.get('endpoint'), c.req.raw.headers)) {
      checkOrigin(c.req.raw.headers, allowed)
    }
    await next()
  }
}

/** A bearer needs no origin: no browser attaches one on its own, and the cookie beside it does not count. */
function mustBeOurs({ session }: Endpoint, headers: Headers): boolean {
  if (session === 'made' && isFromPage(headers)) return true
  return !isBearer(headers.get('authorization') ?? undefined) && hasOwnCookie(headers.get('cookie') ?? '')
}

/** Node's own fetch() sends Sec-Fetch-Mode; Sec-Fetch-Site is sent by browsers only. */
function isFromPage(headers: Headers): boolean {
  return ['origin', 'sec-fetch-site', 'referer'].some((name) => headers.has(name))
}

/** Exact texts: browsers write an origin in one way only, so an alias of it was not written by a browser. */
function checkOrigin(headers: Headers, allowed: ReadonlySet<string>): void {
  const origin = headers.get('origin')
  if (origin !== null && origin !== 'null') {
    if (!allowed.has(origin)) throw new HttpError('INVALID_ORIGIN')
    return
  }
  // Left out, or "null" for a page's referrer policy or sandbox: then this decides, which no page can write.
  if (headers.get('sec-fetch-site') !== 'same-origin') throw new HttpError('MISSING_OR_NULL_ORIGIN')
}
