import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isThisMachine } from './env-fields.ts'
import { readList } from './env-list.ts'

type Given = Record<string, string | undefined>

/** A provider that users sign in at. All but GitHub are OpenID Connect. */
export type Provider =
  | OidcProvider
  | { kind: 'github'; id: string; name: string; clientId: string; clientSecret: string }

export type OidcProvider = {
  kind: 'oidc'
  /** In its callback's address, and in `account.providerId`. */
  id: string
  /** As users know it: "Continue with …". */
  name: string
  issuer: string
  clientId: string
  /** Apple's is a token that its key signs; a public client has none. */
  clientSecret: string | AppleKey | undefined
  scopes: readonly string[]
  responseMode?: 'form_post'
  /** Microsoft's `common` and its like: each tenant is an issuer of its own. */
  tenant?: string
}

export type AppleKey = { teamId: string; keyId: string; key: KeyObject }

const SCOPES = ['openid', 'email', 'profile'] as const
/** Parts of paths of this server's, and what `account.providerId` says of a password. */
const TAKEN = new Set(['credential', 'google', 'github', 'microsoft', 'apple'])

/** http only where the network cannot be listened to: a provider on this machine, for development. */
const issuer = z.string().refine((value) => isIssuer(value), 'must be https (or http on this machine), without query')

const Configured = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'must be small letters, digits and -'),
    name: z.string().trim().min(1).max(50),
    issuer: issuer.optional(),
    discoveryUrl: issuer.optional(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).optional(),
    responseMode: z.enum(['query', 'form_post']).optional(),
  }),
)

/** The configured providers, in the order of their buttons; or what of them cannot be used. */
export function providersOf(given: Given): { value: Provider[]; errors: string[] } {
  const errors: string[] = []
  const known = [google(given, errors), apple(given, errors), microsoft(given, errors), github(given, errors)]
  const own = configured(given.OIDC_PROVIDERS, errors)
  return { value: [...known.filter((provider) => provider !== undefined), ...own], errors }
}

/** Users' identities must not cross a network in clear. */
export function providerProductionErrors(providers: readonly Provider[]): string[] {
  const isClear = providers.some((provider) => provider.kind === 'oidc' && !provider.issuer.startsWith('https:'))
  return isClear ? ['OIDC_PROVIDERS must name https issuers in production'] : []
}

function google(given: Given, errors: string[]): Provider | undefined {
  const pair = together(given, ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'], errors)
  if (!pair) return undefined
  const [clientId, clientSecret] = pair
  const issuer = 'https://accounts.google.com'
  return { kind: 'oidc', id: 'google', name: 'Google', issuer, clientId, clientSecret, scopes: SCOPES }
}

function github(given: Given, errors: string[]): Provider | undefined {
  const pair = together(given, ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'], errors)
  return pair && { kind: 'github', id: 'github', name: 'GitHub', clientId: pair[0], clientSecret: pair[1] }
}

function microsoft(given: Given, errors: string[]): Provider | undefined {
  const pair = together(given, ['MICROSOFT_CLIENT_ID', 'MICROSOFT_CLIENT_SECRET'], errors)
  if (!pair) return undefined
  const [clientId, clientSecret] = pair
  const tenant = given.MICROSOFT_TENANT ?? 'common'
  const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`
  return { kind: 'oidc', id: 'microsoft', name: 'Microsoft', issuer, clientId, clientSecret, scopes: SCOPES, tenant }
}

const APPLE = ['APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY_FILE'] as const

function apple(given: Given, errors: string[]): Provider | undefined {
  const all = together(given, APPLE, errors)
  if (!all) return undefined
  const [clientId, teamId, keyId, file] = all
  const key = readKey(file, errors)
  if (!key) return undefined
  return {
    kind: 'oidc',
    id: 'apple',
    name: 'Apple',
    issuer: 'https://appleid.apple.com',
    clientId,
    clientSecret: { teamId, keyId, key },
    scopes: ['openid', 'email', 'name'],
    // Apple sends nothing else where a name or an address is asked for.
    responseMode: 'form_post',
  }
}

/** None of them switches the provider off, some of them are a mistake. */
function together<const Names extends readonly string[]>(
  given: Given,
  names: Names,
  errors: string[],
): { [Index in keyof Names]: string } | undefined {
  const missing = names.filter((name) => given[name] === undefined)
  if (missing.length === names.length) return undefined
  const set = names.find((name) => given[name] !== undefined)
  for (const name of missing) errors.push(`${name} is required with ${set}`)
  return missing.length > 0 ? undefined : (names.map((name) => given[name]) as { [Index in keyof Names]: string })
}

function readKey(file: string, errors: string[]): KeyObject | undefined {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
    errors.push('APPLE_PRIVATE_KEY_FILE must hold a P-256 key, as Apple makes it')
  } catch {
    errors.push('APPLE_PRIVATE_KEY_FILE must name a private key as PEM that this server can read')
  }
  return undefined
}

/** JSON, or the path of a file with it. */
function configured(setting: string | undefined, errors: string[]): Provider[] {
  if (setting === undefined) return []
  const json = readList(setting)
  if (json === undefined) {
    errors.push('OIDC_PROVIDERS must be a JSON list of providers, or the path of a file with one')
    return []
  }
  const parsed = Configured.safeParse(json)
  const issues = parsed.error?.issues ?? []
  errors.push(...issues.map(({ path, message }) => `OIDC_PROVIDERS ${path.join('.')}: ${message}`))
  const list = parsed.data ?? []
  errors.push(...list.flatMap((one) => listErrors(one, list)))
  return list.map(({ issuer, discoveryUrl, responseMode, scopes, clientSecret, ...provider }) => ({
    ...provider,
    kind: 'oidc' as const,
    issuer: issuer ?? (discoveryUrl ?? '').replace(WELL_KNOWN, ''),
    clientSecret,
    scopes: [...new Set(['openid', ...(scopes ?? SCOPES)])],
    ...(responseMode === 'form_post' && { responseMode }),
  }))
}

type Entry = z.output<typeof Configured>[number]

function listErrors({ id, issuer, discoveryUrl }: Entry, list: readonly Entry[]): string[] {
  const isTwice = list.filter((other) => other.id === id).length > 1
  const isOne = (issuer === undefined) !== (discoveryUrl === undefined)
  return [
    ...(isTwice ? [`OIDC_PROVIDERS has the id ${id} twice`] : []),
    ...(TAKEN.has(id) ? [`OIDC_PROVIDERS may not use the id ${id}`] : []),
    ...(isOne ? [] : [`OIDC_PROVIDERS ${id}: needs issuer or discoveryUrl`]),
    ...(discoveryUrl === undefined || WELL_KNOWN.test(discoveryUrl)
      ? []
      : [`OIDC_PROVIDERS ${id}: discoveryUrl must end in /.well-known/openid-configuration`]),
  ]
}

/** OpenID Connect Discovery §4: below the issuer, whose name this then is. */
const WELL_KNOWN = /\/\.well-known\/openid-configuration$/

function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, search, hash } = new URL(value)
  const isPlain = username === '' && search === '' && hash === '' && !/[?#@\s]/.test(value)
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname)))
}
