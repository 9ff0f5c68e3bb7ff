/**
 * better-auth's endpoints that work for anybody. A program sends its stored token with every call, also the one that
 * gets it a new token: here an Authorization header that opens nothing is left out instead of refused.
 */
const OPEN = new Set(
  [
    'sign-up/email',
    'sign-in/email',
    'sign-in/social',
    'callback/:id',
    'request-password-reset',
    'reset-password',
    'reset-password/:token',
    'send-verification-email',
    'verify-email',
    'ok',
  ].map((path) => `/api/auth/${path}`),
)

/** @param route as endpoints.ts found it: a pattern, not a path */
export function needsNoSession(route: string): boolean {
  return OPEN.has(route)
}
