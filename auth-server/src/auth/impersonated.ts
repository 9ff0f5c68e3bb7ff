import type { BetterAuthPlugin } from 'better-auth'
import { APIError } from 'better-auth'
import { createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { ENDPOINTS } from './endpoints.ts'

const NOT_WHILE_IMPERSONATING = {
  code: 'NOT_WHILE_IMPERSONATING',
  message: 'An administrator who acts as a user may not do this for them.',
}

const OWNER_ONLY = new Set(Object.entries(ENDPOINTS).flatMap(([path, { ownerOnly }]) => (ownerOnly ? [path] : [])))
/** Also continues a sign-in, of whoever has begun one in this browser. */
const CONTINUES_SIGN_IN = '/two-factor/verify-totp'

/**
 * An administrator's session as a user has just been made, which is what better-auth, and we, take for a proof of who somebody is. So it would
 * open what stays: another address or password, a passkey, a provider, a second factor, and the end of the account.
 */
export const ownersOnly = {
  id: 'owners-only',
  hooks: {
    before: [
      {
        matcher: ({ path }) => OWNER_ONLY.has(path ?? ''),
        handler: createAuthMiddleware(async (ctx) => {
          const current = await getSessionFromCtx(ctx)
          const session: Record<string, unknown> | undefined = current?.session
          const user: Record<string, unknown> | undefined = current?.user
          if (!session?.impersonatedBy) return
          if (ctx.path === CONTINUES_SIGN_IN && user?.twoFactorEnabled === true) return
          throw APIError.from('FORBIDDEN', NOT_WHILE_IMPERSONATING)
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin
