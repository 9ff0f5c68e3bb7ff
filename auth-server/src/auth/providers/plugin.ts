import type { BetterAuthPlugin, OAuthProvider } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import { addOAuthServerContext, createAuthMiddleware, getOAuthState, getSessionFromCtx } from 'better-auth/api'
import type { Provider } from '../../env-providers.ts'
import { githubProvider } from './github.ts'
import { oidcProvider } from './oidc.ts'

/** Hears why a sign-in at a provider failed: its page says less. */
export type ProviderFailed = (provider: string, error: unknown) => void

/** Where a sign-in begins. better-auth keeps what it was begun with, and gives it back in the callback. */
const BEGINS = new Set(['/sign-in/social', '/link-social'])

type Settings = { providers: readonly Provider[]; canVerify: boolean }

/** The configured providers, as better-auth's own. docs/decisions/0062-providers-of-our-own.md */
export function signInProviders({ providers, canVerify }: Settings, failed: ProviderFailed) {
  const all = providers.map((settings) =>
    settings.kind === 'github' ? guarded(githubProvider(settings), failed) : guarded(oidcProvider(settings), failed),
  )
  return {
    id: 'sign-in-providers',
    init: () => ({ context: { socialProviders: all as OAuthProvider[] } }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => BEGINS.has(path ?? ''),
          handler: createAuthMiddleware(async ({ body }) => addOAuthServerContext({ provider: body?.provider })),
        },
        { matcher: ({ path }) => path === '/link-social', handler: requireOwner(canVerify) },
      ],
    },
  } satisfies BetterAuthPlugin
}

/**
 * Before an account is connected, which is a way in that stays. A session that is older than a day may be in other hands. And whoever signs
 * up with somebody's address first would keep it, after the address's owner has got the account back by mail.
 */
function requireOwner(canVerify: boolean) {
  return createAuthMiddleware(async (ctx) => {
    const session = await getSessionFromCtx(ctx)
    if (!session) return // better-auth says so
    const age = Date.now() - new Date(session.session.createdAt).getTime()
    if (age > ctx.context.sessionConfig.freshAge * 1000)
      throw APIError.from('FORBIDDEN', BASE_ERROR_CODES.SESSION_NOT_FRESH)
    if (canVerify && !session.user.emailVerified) throw APIError.from('FORBIDDEN', BASE_ERROR_CODES.EMAIL_NOT_VERIFIED)
  })
}

/**
 * What holds for every provider: a callback ends where the sign-in began, whatever its path says (RFC 9700 §4.4.2), and a failure
 * is heard of.
 */
function guarded<Profile extends object>(
  provider: OAuthProvider<Profile>,
  failed: ProviderFailed,
): OAuthProvider<Profile> {
  const heard = (error: unknown) => {
    failed(provider.id, error)
    throw error
  }
  return Object.defineProperties(
    {
      ...provider,
      createAuthorizationURL: async (data) => (async () => provider.createAuthorizationURL(data))().catch(heard),
      async validateAuthorizationCode(data) {
        const state = await getOAuthState()
        if (state?.serverContext?.provider !== provider.id) throw new Error('this sign-in began at another provider')
        return provider.validateAuthorizationCode(data).catch(heard)
      },
      async getUserInfo(tokens) {
        // better-auth reads `null` as "no user", and would take an error for a bug.
        const info = await provider.getUserInfo(tokens).catch((error: unknown) => failed(provider.id, error))
        if (!info) return null
        const isLinking = (await getOAuthState())?.link !== undefined
        // Who links is signed in here and there. The address is not looked at: the account is known by its subject.
        return isLinking ? { ...info, user: { ...info.user, emailVerified: true } } : info
      },
    } satisfies Partial<OAuthProvider<Profile>>,
    { issuer: { get: () => provider.issuer, enumerable: true } },
  ) as OAuthProvider<Profile>
}
