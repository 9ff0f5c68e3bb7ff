import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import type { OidcProvider } from '../../env-providers.ts'
import { ProviderUnavailable, type Request, TIMEOUT_MS, textOf } from './request.ts'

export type Discovered = {
  issuer: string
  authorize: string
  token: string
  userInfo: string | undefined
  keys: JWTVerifyGetKey
  algorithms: string[]
  /** Whether the client's secret goes into the Authorization header, RFC 6749 §2.3.1. */
  takesBasic: boolean
}

const MAX_AGE_MS = 60 * 60_000
/** Signatures that the provider's public keys verify. Never `none`, nor HS256, whose key would be the client's secret. */
const ALGORITHMS = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/

/** What a provider says of itself (OpenID Connect Discovery): see `askedHourly`. */
export function createDiscovery(provider: OidcProvider, request: Request): () => Promise<Discovered> {
  return askedHourly(async () => read(provider, await request(discoveryUrlOf(provider.issuer))))
}

export const discoveryUrlOf = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

/**
 * Asked when it is first needed: a provider that is unavailable while this server starts is no reason not to start. Asked again
 * after an hour; until that works, the old response counts.
 */
export function askedHourly<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let known: { value: Value; at: number } | undefined
  let asking: Promise<Value> | undefined

  async function askAgain(): Promise<Value> {
    try {
      const value = await ask()
      known = { value, at: performance.now() }
      return value
    } catch (error) {
      if (!known) throw error
      known.at = performance.now()
      return known.value
    } finally {
      asking = undefined
    }
  }

  return async () => {
    if (known && performance.now() - known.at < MAX_AGE_MS) return known.value
    asking ??= askAgain()
    return asking
  }
}

function read(provider: OidcProvider, document: object): Discovered {
  const wrong = (what: string) => new ProviderUnavailable(provider.id, new Error(`its discovery document has ${what}`))
  const issuer = textOf(document, 'issuer')
  if (issuer === undefined || !isIssuerOf(provider, issuer)) throw wrong('another issuer')
  const address = (name: string): string | undefined => {
    const value = textOf(document, name)
    if (value !== undefined && !isAddressOf(provider, value)) throw wrong(`an unusable ${name}`)
    return value
  }
  const [authorize, token, keys] = [address('authorization_endpoint'), address('token_endpoint'), address('jwks_uri')]
  if (!authorize || !token || !keys) throw wrong('no authorization_endpoint, token_endpoint or jwks_uri')
  const methods = listOf(document, 'token_endpoint_auth_methods_supported')
  const algorithms = listOf(document, 'id_token_signing_alg_values_supported').filter((name) => ALGORITHMS.test(name))
  return {
    issuer,
    authorize,
    token,
    userInfo: address('userinfo_endpoint'),
    keys: createRemoteJWKSet(new URL(keys), { timeoutDuration: TIMEOUT_MS }),
    algorithms: algorithms.length > 0 ? algorithms : ['RS256'],
    takesBasic: methods.length === 0 || methods.includes('client_secret_basic'),
  }
}

/** Discovery §4.3: exactly the one that was asked for; a slash at the end is forgiven. Microsoft's names its tenant, or all of them. */
function isIssuerOf({ issuer, tenant }: OidcProvider, found: string): boolean {
  if (tenant !== undefined) return found.startsWith('https://login.microsoftonline.com/')
  return found.replace(/\/$/, '') === issuer.replace(/\/$/, '')
}

/** A provider that is reached over https leads nowhere else: not into this network, and into no clear text. */
export function isAddressOf({ issuer }: Pick<OidcProvider, 'issuer'>, value: string): boolean {
  if (!URL.canParse(value)) return false
  const [from, to] = [new URL(issuer), new URL(value)]
  return to.protocol === 'https:' || (from.protocol === 'http:' && to.origin === from.origin)
}

export function listOf(document: object, name: string): string[] {
  const value = (document as Record<string, unknown>)[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
