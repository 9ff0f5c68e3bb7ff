import { isIP } from 'node:net'
import { passkey } from '@better-auth/passkey'
import { APIError, type BetterAuthPlugin } from 'better-auth'
import { createAuthEndpoint, createAuthMiddleware } from 'better-auth/api'
import type { Env } from '../../env.ts'
import { type Body, type Endpoints, GET, POST } from '../endpoint.ts'

/**
 * Passkeys (WebAuthn): the device has the key, and checks who holds it. So one is both factors, and no code is asked for:
 * docs/decisions/0063-a-second-factor-before-every-session.md
 */
// biome-ignore format: a table reads by columns
export const PASSKEY = {
  '/passkey/generate-register-options':     { methods: GET,  session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default', ownerOnly: true },
  '/passkey/verify-registration':           { methods: POST, session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default', complete: withShortName, ownerOnly: true },
  '/passkey/generate-authenticate-options': { methods: GET,  session: 'unused', password: 'unused', mayEndSessions: false, limit: 'default' },
  '/passkey/verify-authentication':         { methods: POST, session: 'made',   password: 'unused', mayEndSessions: false, limit: 'guessing', proves: 'second-factor' },
  '/passkey/list-user-passkeys':            { methods: GET,  session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default' },
  '/passkey/delete-passkey':                { methods: POST, session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default', ownerOnly: true },
  '/passkey/update-passkey':                { methods: POST, session: 'used',   password: 'unused', mayEndSessions: false, limit: 'default', complete: withShortName, ownerOnly: true },
} as const satisfies Endpoints

type PasskeyEnv = Pick<Env, 'PUBLIC_URL' | 'CORS_ORIGIN' | 'brand'>

/** Browsers have passkeys for names, not for addresses, and only where nobody can have changed the page on its way. */
export function hasPasskeys({ PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>): boolean {
  const { protocol, hostname } = new URL(PUBLIC_URL)
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0
  return isName && (protocol === 'https:' || hostname === 'localhost')
}

type Middleware = ReturnType<typeof createAuthMiddleware>
type Parts = {
  /** Before a passkey is added, which is a way in that stays. */
  requireOwner: Middleware
  remove: (id: string, userId: string) => Promise<'removed' | 'last' | 'gone'>
}

export function passkeys({ PUBLIC_URL, CORS_ORIGIN, brand }: PasskeyEnv, { requireOwner, remove }: Parts) {
  const plugin = passkey({
    rpID: new URL(PUBLIC_URL).hostname,
    rpName: brand.name,
    origin: [...new Set([PUBLIC_URL, ...CORS_ORIGIN])],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: ({ verification }) => requireUserVerified(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: ({ verification }) => requireUserVerified(verification.authenticationInfo.userVerified),
    },
  })
  const { generatePasskeyRegistrationOptions, verifyPasskeyRegistration, deletePasskey } = plugin.endpoints
  for (const { options } of [generatePasskeyRegistrationOptions, verifyPasskeyRegistration]) {
    const use: Middleware[] = options.use
    use.push(requireOwner)
  }
  return {
    ...plugin,
    endpoints: { ...plugin.endpoints, deletePasskey: removePasskey(deletePasskey.options, remove) },
    schema: { passkey: { fields: { ...plugin.schema.passkey.fields, lastUsedAt: { type: 'date', required: false } } } },
    hooks: { after: [{ matcher: ({ path }) => path === '/passkey/verify-authentication', handler: finishSignIn() }] },
  } satisfies BetterAuthPlugin
}

const NOT_VERIFIED = {
  code: 'USER_VERIFICATION_REQUIRED',
  message: 'This device did not check who holds it: by fingerprint, face or PIN.',
}

/** Without it a passkey is one factor: whoever has the device. */
async function requireUserVerified(isVerified: boolean | undefined): Promise<void> {
  if (isVerified !== true) throw APIError.from('UNAUTHORIZED', NOT_VERIFIED)
}

type SignedIn = { session?: { token: string }; user?: unknown }

/** The response of every sign-in, in place of the whole session; and when the passkey was used. */
function finishSignIn() {
  return createAuthMiddleware(async (ctx) => {
    const { session, user } = (ctx.context.returned ?? {}) as SignedIn
    if (!session || !user) return
    await ctx.context.adapter.update({
      model: 'passkey',
      where: [{ field: 'credentialID', value: String((ctx.body as { response: { id: unknown } }).response.id) }],
      update: { lastUsedAt: new Date() },
    })
    return ctx.json({ token: session.token, user })
  })
}

const LAST_WAY_IN = { code: 'LAST_WAY_IN', message: 'Without this passkey you could not sign in any more.' }

/** In place of better-auth's, which asks for nothing else to be left. */
function removePasskey(options: DeletePasskey['options'], remove: Parts['remove']) {
  return createAuthEndpoint('/passkey/delete-passkey', options, async (ctx) => {
    const outcome = await remove(ctx.body.id, ctx.context.session?.user.id ?? '')
    if (outcome === 'last') throw APIError.from('BAD_REQUEST', LAST_WAY_IN)
    if (outcome === 'gone') throw APIError.from('NOT_FOUND', GONE)
    return ctx.json({ status: true })
  })
}

type DeletePasskey = ReturnType<typeof passkey>['endpoints']['deletePasskey']
const GONE = { code: 'PASSKEY_NOT_FOUND', message: 'There is no such passkey.' }

const MAX_NAME = 100

/** A label for the user's own list; and no session, which there is already. */
function withShortName({ createSession: _unused, ...body }: Body): Body {
  return typeof body.name === 'string' ? { ...body, name: [...body.name].slice(0, MAX_NAME).join('') } : body
}
