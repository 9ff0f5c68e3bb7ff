import { Hono } from 'hono'
import type { Env } from '../env.ts'
import type { HttpEnv } from '../http/context.ts'
import { getOnly } from '../sessions/routes.ts'
import { hasPasskeys } from './methods/passkey.ts'

type Read = (env: Env) => boolean | number | readonly string[] | readonly Named[]
type Named = { id: string; name: string }

/**
 * What this server is configured for, as pages need to know it: what is off is not offered. A new one is a row here, and a
 * line in contract/features.json. A value is a setting, never a state: nothing that a request or an outage changes.
 */
const FEATURES = {
  /** Anybody may create an account. */
  signUp: ({ SIGN_UP }) => SIGN_UP === 'open',
  /** Mails are sent: without them nothing can be confirmed, and no forgotten password be replaced. */
  mail: ({ SMTP_URL }) => SMTP_URL !== undefined,
  /** A mailed link signs in. */
  magicLink: ({ MAGIC_LINK }) => MAGIC_LINK,
  /** A mailed code signs in. */
  emailCode: ({ EMAIL_CODE }) => EMAIL_CODE,
  /** A new account can be used when its address is verified. */
  emailVerification: ({ REQUIRE_EMAIL_VERIFICATION }) => REQUIRE_EMAIL_VERIFICATION,
  /** Characters that a new password must have at least. */
  passwordMinLength: ({ PASSWORD_MIN_LENGTH }) => PASSWORD_MIN_LENGTH,
  /** Those that users can sign in at, in the order of their buttons. */
  providers: ({ providers }) => providers.map(({ id, name }) => ({ id, name })),
  /** Those that users can connect, so that other services act there for them. */
  connectedServices: ({ connectedServices }) => connectedServices.map(({ id, name }) => ({ id, name })),
  /** An authenticator app can be set up as a second factor. */
  twoFactor: () => true,
  /** Browsers have passkeys for this address. */
  passkeys: hasPasskeys,
} as const satisfies Record<string, Read>

/** GET /api/auth/features, for anybody: pages ask before somebody is signed in. */
export function featureRoutes(env: Env): Hono<HttpEnv> {
  const features = Object.entries<Read>(FEATURES).map(([name, read]) => [name, read(env)])
  const body = JSON.stringify(Object.fromEntries(features))
  return new Hono<HttpEnv>()
    .get('/api/auth/features', (c) => c.body(body, 200, { 'content-type': 'application/json' }))
    .all('/api/auth/features', getOnly)
}
