import { createHash } from 'node:crypto'
import type { OAuthProvider } from 'better-auth'
import type { Provider } from '../../env-providers.ts'
import { profileOf } from './profile.ts'
import { ProviderRefusal, type Request, requestAs, textOf } from './request.ts'

type GitHub = Extract<Provider, { kind: 'github' }>
type Places = { web: string; api: string }
const PLACES: Places = { web: 'https://github.com', api: 'https://api.github.com' }

/** GitHub knows OAuth, and no OpenID Connect: the user is asked for with the token. */
export function githubProvider(
  { id, name, clientId, clientSecret }: GitHub,
  { web, api } = PLACES,
  request: Request = requestAs(id),
) {
  return {
    id,
    name,
    accountSubject: ({ profile }) => profile.id,

    createAuthorizationURL({ state, codeVerifier, redirectURI, loginHint }) {
      const url = new URL('/login/oauth/authorize', web)
      const parameters = {
        client_id: clientId,
        redirect_uri: redirectURI,
        scope: 'read:user user:email',
        state,
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...(loginHint && { login: loginHint }),
      }
      for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value)
      return url
    },

    async validateAuthorizationCode({ code, codeVerifier = '', redirectURI }) {
      const tokens = await request(`${web}/login/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: clientId,
          client_secret: clientSecret,
          code,
          redirect_uri: redirectURI,
          code_verifier: codeVerifier,
        }),
      })
      // GitHub refuses with a 200.
      const accessToken = textOf(tokens, 'access_token')
      if (accessToken === undefined) throw new ProviderRefusal(id, tokens)
      return { accessToken }
    },

    async getUserInfo({ accessToken }) {
      const headers = { authorization: `Bearer ${accessToken}` }
      const [user, emails] = await Promise.all([
        request(`${api}/user`, { headers }),
        request(`${api}/user/emails`, { headers }),
      ])
      const profile = { ...user } as Record<string, unknown>
      if (typeof profile.id !== 'number') throw new Error('GitHub sent no id')
      const email = mainAddress(emails)
      const told = { name: profile.name, preferred_username: profile.login, picture: profile.avatar_url }
      return {
        user: profileOf({ ...told, email: email?.email, isVerified: email?.verified === true }),
        data: { id: profile.id },
      }
    },
  } satisfies OAuthProvider<{ id: number }>
}

type Address = { email?: unknown; verified?: unknown; primary?: unknown }

/** The one that the user chose as the main one; the public one of the profile may be anybody's. */
function mainAddress(emails: object): Address | undefined {
  const list = (Array.isArray(emails) ? emails : []) as Address[]
  return list.find(({ primary }) => primary === true)
}
