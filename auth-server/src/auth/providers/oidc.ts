import { createHash, timingSafeEqual } from 'node:crypto'
import type { OAuthProvider } from 'better-auth'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { OidcProvider } from '../../env-providers.ts'
import { appleSecret } from './apple.ts'
import { createDiscovery, type Discovered } from './discovery.ts'
import { isOfTenant, isVerifiedByTenant } from './microsoft.ts'
import { profileOf } from './profile.ts'
import { ProviderUnavailable, type Request, requestAs, textOf } from './request.ts'

type Claims = Record<string, unknown> & { sub: string }

/** A sign-in at a provider of OpenID Connect: code flow with PKCE, and an ID token that is checked in full (Core §3.1.3.7). */
export function oidcProvider(settings: OidcProvider, request: Request = requestAs(settings.id)) {
  const discover = createDiscovery(settings, request)
  let discovered: Discovered | undefined
  const found = async () => {
    discovered = await discover()
    return discovered
  }

  return {
    id: settings.id,
    name: settings.name,
    requiresIdTokenNonce: true,
    /** For RFC 9207, where the provider names itself in the callback. */
    get issuer() {
      return settings.tenant === undefined ? discovered?.issuer : undefined
    },
    accountSubject: ({ profile }) => profile.sub,

    async createAuthorizationURL({ state, codeVerifier, redirectURI, idTokenNonce = '', loginHint }) {
      const { authorize } = await found()
      const url = new URL(authorize)
      const parameters = {
        response_type: 'code',
        client_id: settings.clientId,
        redirect_uri: redirectURI,
        scope: settings.scopes.join(' '),
        state,
        nonce: idTokenNonce,
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...(settings.responseMode && { response_mode: settings.responseMode }),
        ...(loginHint && { login_hint: loginHint }),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url
    },

    async validateAuthorizationCode({ code, codeVerifier = '', redirectURI }) {
      const { token, takesBasic } = await found()
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectURI,
        code_verifier: codeVerifier,
      })
      const headers = await authenticate(settings, takesBasic, body)
      const tokens = await request(token, { method: 'POST', headers, body })
      return { idToken: textOf(tokens, 'id_token'), accessToken: textOf(tokens, 'access_token') }
    },

    async getUserInfo({ idToken, accessToken, expectedIdTokenNonce, user }) {
      const provider = await found()
      const claims = await verified(settings, provider, { idToken, nonce: expectedIdTokenNonce })
      const told = claims.email === undefined ? await userInfo(provider, request, accessToken) : {}
      if (told.sub !== undefined && told.sub !== claims.sub) throw new Error('userinfo is about another subject')
      const all: Claims = { ...told, ...claims }
      const isVerified = isVerifiedByTenant(settings.tenant, all) ?? isTrue(all.email_verified)
      return { user: profileOf({ ...all, isVerified, given: user?.name }), data: { sub: claims.sub } }
    },
  } satisfies OAuthProvider<{ sub: string }>
}

/** Google and Apple send texts at times. */
const isTrue = (value: unknown) => value === true || value === 'true'

/** RFC 6749 §2.3.1: the client's own credentials, as headers or in the body. */
export async function authenticate(
  { clientId, clientSecret }: Pick<OidcProvider, 'clientId' | 'clientSecret'>,
  takesBasic: boolean,
  body: URLSearchParams,
): Promise<Record<string, string>> {
  const secret = typeof clientSecret === 'object' ? appleSecret(clientId, clientSecret) : clientSecret
  if (secret !== undefined && takesBasic) {
    // RFC 6749 §2.3.1: both are encoded as in a form before they are joined.
    const [id, password] = [clientId, secret].map((text) => new URLSearchParams({ _: text }).toString().slice(2))
    return { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` }
  }
  body.set('client_id', clientId)
  if (secret !== undefined) body.set('client_secret', secret)
  return {}
}

type Presented = { idToken: string | undefined; nonce: string | undefined }

/** Signature, issuer, audience, times and nonce. Throws where one of them is not right. */
async function verified(settings: OidcProvider, provider: Discovered, { idToken, nonce }: Presented): Promise<Claims> {
  if (idToken === undefined) throw new Error('the provider sent no ID token')
  const { payload } = await jwtVerify(idToken, provider.keys, {
    ...(settings.tenant === undefined && { issuer: provider.issuer }),
    audience: settings.clientId,
    algorithms: provider.algorithms,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    maxTokenAge: '1h',
    clockTolerance: 30,
  }).catch((error: unknown) => {
    throw isOutage(error) ? new ProviderUnavailable(settings.id, error) : error
  })
  if (!isEqual(payload.nonce, nonce)) throw new Error('the ID token has another nonce')
  if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload.azp !== settings.clientId)
    throw new Error('the ID token was made for another client')
  if (settings.tenant !== undefined && !isOfTenant(settings.tenant, provider.issuer, payload))
    throw new Error('the ID token is of another tenant')
  return withSubject(payload)
}

function withSubject(payload: JWTPayload): Claims {
  const { sub } = payload
  if (sub === undefined || sub.trim() === '' || sub.length > 255) throw new Error('the ID token has no usable subject')
  return { ...payload, sub }
}

function isEqual(one: unknown, other: string | undefined): boolean {
  if (typeof one !== 'string' || other === undefined || one.length !== other.length) return false
  return timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

/** The keys could not be had; everything else that jose throws is about the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
}

/** Core §5.3.2: what the ID token did not say. */
async function userInfo(
  { userInfo }: Discovered,
  request: Request,
  accessToken: string | undefined,
): Promise<Record<string, unknown>> {
  if (userInfo === undefined || accessToken === undefined) return {}
  return { ...(await request(userInfo, { headers: { authorization: `Bearer ${accessToken}` } })) }
}
