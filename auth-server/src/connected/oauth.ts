import { createHash } from 'node:crypto'
import { askedHourly, discoveryUrlOf, isAddressOf, listOf } from '../auth/providers/discovery.ts'
import { authenticate } from '../auth/providers/oidc.ts'
import {
  ProviderRefusal,
  ProviderUnavailable,
  type Request,
  requestAs,
  TIMEOUT_MS,
  textOf,
} from '../auth/providers/request.ts'
import type { OAuthService } from '../env-connected.ts'
import { fetchText } from '../http/fetch-text.ts'
import { labelOf } from './label.ts'

/** What a service hands out. A token that is refreshed may keep its refresh token and scopes: then they are null. */
export type Tokens = {
  accessToken: string
  refreshToken: string | null
  expiresInSeconds: number | null
  scope: string | null
}

type Endpoints = {
  authorize: string
  token: string
  revoke: string | undefined
  account: string | undefined
  takesBasic: boolean
  /** RFC 9207: every response of the authorization endpoint names the issuer. */
  namesIssuer: boolean
  issuer: string | undefined
}

/** A header can carry it, and a column can hold it. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/
const YEARS_10_SECONDS = 315_360_000

/** The client of one service: OAuth 2.0 with the code flow and PKCE (RFC 9700). */
export class OAuthClient {
  readonly #service: OAuthService
  readonly #redirectUri: string
  readonly #request: Request
  readonly #endpoints: () => Promise<Endpoints>

  constructor(service: OAuthService, redirectUri: string) {
    this.#service = service
    this.#redirectUri = redirectUri
    this.#request = requestAs(service.id)
    const known = knownEndpoints(service)
    this.#endpoints = known ? async () => known : askedHourly(async () => discover(service, this.#request))
  }

  /** Where the browser goes. Throws ProviderUnavailable. */
  async authorizationUrl({ state, codeVerifier }: { state: string; codeVerifier: string }): Promise<string> {
    const { clientId, scopes, authorizationParams } = this.#service
    const url = new URL((await this.#endpoints()).authorize)
    const parameters = {
      ...authorizationParams,
      response_type: 'code',
      client_id: clientId,
      redirect_uri: this.#redirectUri,
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      state,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url.href
  }

  /** RFC 9207 §2.4: another service's response ends here, before its code is shown to this one. */
  async isIssuer(given: string | undefined): Promise<boolean> {
    const { issuer, namesIssuer } = await this.#endpoints()
    if (given === undefined) return !namesIssuer
    return issuer === undefined || given === issuer
  }

  /** Throws ProviderRefusal or ProviderUnavailable. */
  async exchange(code: string, codeVerifier: string): Promise<Tokens> {
    const tokens = await this.#ask({
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.#redirectUri,
      code_verifier: codeVerifier,
    })
    const scopes = this.#service.scopes.join(' ')
    return { ...tokens, scope: tokens.scope ?? (scopes === '' ? null : scopes) }
  }

  /** Throws ProviderRefusal or ProviderUnavailable. */
  async refresh(refreshToken: string): Promise<Tokens> {
    return this.#ask({ grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  /** Whose account it is there; null where the service does not say. */
  async accountOf(accessToken: string): Promise<string | null> {
    const { account } = await this.#endpoints()
    if (account === undefined) return null
    const headers = { authorization: `Bearer ${accessToken}` }
    return this.#request(account, { headers }).then(labelOf, () => null)
  }

  /** RFC 7009. Throws where the service did not do it; false where it has nowhere to be told. */
  async revoke(token: string, kind: 'access_token' | 'refresh_token'): Promise<boolean> {
    const { revoke, takesBasic } = await this.#endpoints()
    if (revoke === undefined) return false
    const body = new URLSearchParams({ token, token_type_hint: kind })
    const headers = await authenticate(this.#service, takesBasic, body)
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const { status } = await fetchText(revoke, { method: 'POST', headers, body, signal })
    if (status >= 300) throw new Error(`the revocation endpoint responded with ${status}`)
    return true
  }

  async #ask(parameters: Record<string, string>): Promise<Tokens> {
    const { token, takesBasic } = await this.#endpoints()
    const body = new URLSearchParams(parameters)
    const headers = await authenticate(this.#service, takesBasic, body)
    return tokensOf(this.#service.id, await this.#request(token, { method: 'POST', headers, body }))
  }
}

function knownEndpoints(service: OAuthService): Endpoints | undefined {
  const { endpoints, issuer, accountUrl, takesBasic } = service
  if (!endpoints) return undefined
  const { authorize, token, revoke } = endpoints
  return { authorize, token, revoke, account: accountUrl, takesBasic, namesIssuer: false, issuer }
}

export async function discover({ id, issuer = '', accountUrl }: OAuthService, request: Request): Promise<Endpoints> {
  const document = await request(discoveryUrlOf(issuer))
  const wrong = (what: string) => new ProviderUnavailable(id, new Error(`its discovery document has ${what}`))
  const address = (name: string): string | undefined => {
    const value = textOf(document, name)
    if (value !== undefined && !isAddressOf({ issuer }, value)) throw wrong(`an unusable ${name}`)
    return value
  }
  const named = textOf(document, 'issuer')
  if (named?.replace(/\/$/, '') !== issuer.replace(/\/$/, '')) throw wrong('another issuer')
  const [authorize, token] = [address('authorization_endpoint'), address('token_endpoint')]
  if (!authorize || !token) throw wrong('no authorization_endpoint or token_endpoint')
  const methods = listOf(document, 'token_endpoint_auth_methods_supported')
  return {
    ...{ authorize, token, issuer: named },
    revoke: address('revocation_endpoint'),
    account: accountUrl ?? address('userinfo_endpoint'),
    takesBasic: methods.length === 0 || methods.includes('client_secret_basic'),
    namesIssuer:
      'authorization_response_iss_parameter_supported' in document &&
      document.authorization_response_iss_parameter_supported === true,
  }
}

/** RFC 6749 §5.1. GitHub sends its refusals with a 200, and scopes with commas. */
function tokensOf(service: string, body: object): Tokens {
  const refusal = textOf(body, 'error')
  if (refusal !== undefined) throw new ProviderRefusal(service, body)
  const [accessToken, refreshToken] = [textOf(body, 'access_token'), textOf(body, 'refresh_token')]
  const isBearer = (textOf(body, 'token_type') ?? 'bearer').toLowerCase() === 'bearer'
  const isUsable = TOKEN.test(accessToken ?? '') && TOKEN.test(refreshToken ?? 'none')
  if (accessToken === undefined || !isBearer || !isUsable)
    throw new ProviderUnavailable(service, new Error('it sent no bearer token that can be used'))
  return {
    accessToken,
    refreshToken: refreshToken ?? null,
    expiresInSeconds: secondsOf('expires_in' in body ? body.expires_in : undefined),
    scope: scopesOf(textOf(body, 'scope')),
  }
}

/** Some send a text. What is no number says nothing: the token is then used until the service refuses it. */
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null
  return Math.min(seconds, YEARS_10_SECONDS)
}

function scopesOf(text: string | undefined): string | null {
  const scopes = (text ?? '').split(/[\s,]+/).filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope))
  return scopes.length > 0 ? scopes.slice(0, 100).join(' ') : null
}
