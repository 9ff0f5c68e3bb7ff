/**
 * What the servers of the pages have in common: contract/pages.json, which Caddy and `vite preview` are compared with too.
 * Why these paths and no others: the decision record on page servers.
 */
const PATHS = [
  ...['/', '/account', '/sign-in', '/sign-in/email', '/sign-in/link', '/sign-up', '/forgot-password'],
  ...['/reset-password', '/verify-email', '/change-email', '/delete-account'],
]

/** As the app's router reads them: in any case, with or without a slash at the end. */
const PAGE = new RegExp(`^(?:${PATHS.map((path) => path.replace(/\/$/, '')).join('|')})/?$`, 'i')

export const isPage = (path: string) => PAGE.test(path)

/** The pages are built for one origin: theirs is this server's. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not no-referrer: with it a plain form post carries `Origin: null`, which is refused.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

export const REDIRECTS: ReadonlyMap<string, string> = new Map([
  // https://w3c.github.io/webappsec-change-password-url/ : password managers send people here.
  ['/.well-known/change-password', '/account#change-password'],
  // To the app this is no page: it would say so, with the status of one that exists.
  ['/index.html', '/'],
])

export const NOT_STORED = 'no-store'

/** Names below /assets have a hash of the content, so they never change; everything else is asked for again. */
export function cacheControl(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}
