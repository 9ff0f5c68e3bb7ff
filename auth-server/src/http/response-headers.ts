import type { Context } from 'hono'
import type { HttpEnv } from './context.ts'

/**
 * For answers that are data, each about one person or one moment. HSTS is left to who terminates TLS: it speaks for
 * the whole domain.
 */
const HEADERS = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})

/** Over what the route set. On the answer itself: `c.header()` would make another of it for each header. */
export function setResponseHeaders(c: Context<HttpEnv>): void {
  const { headers } = c.res
  for (const [name, value] of HEADERS) headers.set(name, value)
  headers.set('x-request-id', c.get('requestId'))
  const retryAfter = headers.get('retry-after')
  if (retryAfter !== null) headers.set('x-retry-after', retryAfter) // the name that better-auth's clients look for
}
