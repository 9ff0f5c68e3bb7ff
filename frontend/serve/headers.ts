/**
 * Headers of every page and file of the app, whoever serves it: contract/pages.json. The Caddyfile of the compose stack and the
 * auth server (SERVE_PAGES) send the same ones; `tests/browser/security.test.ts` holds the stack to this list.
 *
 * @param apiOrigins origins other than our own that the pages may call
 */
export function securityHeaders(apiOrigins: string[]): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'self'",
      ['connect-src', "'self'", ...new Set(apiOrigins)].join(' '),
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: with it a plain form post carries `Origin: null`, which the auth server rightly refuses.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  }
}

/** Names under /assets carry a hash of the content, so they never change; everything else is asked for again. */
export function cacheControl(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}
