import { z } from 'zod'
import { isThisMachine } from './env-fields.ts'
import { readList } from './env-list.ts'

type Given = Record<string, string | undefined>

/** A service that users connect, so that other services act there for them. It is no way to sign in. */
export type ConnectedService = OAuthService | ApiKeyService

export type OAuthService = {
  kind: 'oauth'
  /** In addresses, and in `account.providerId`. */
  id: string
  /** As users know it. */
  name: string
  /** Without `endpoints`, its discovery document is asked for them. */
  issuer?: string
  endpoints?: { authorize: string; token: string; revoke?: string }
  /** Says whose account it is, in JSON. */
  accountUrl?: string
  clientId: string
  /** A public client has none. */
  clientSecret: string | undefined
  /** Where the client's secret goes: RFC 6749 §2.3.1. */
  takesBasic: boolean
  scopes: readonly string[]
  /** What this provider also wants to be asked with, such as Google's `access_type`. */
  authorizationParams: Readonly<Record<string, string>>
}

export type ApiKeyService = {
  kind: 'api-key'
  id: string
  name: string
  /** Where users get their key. */
  helpUrl?: string
  /** What a key looks like, from its first to its last character. */
  pattern?: RegExp
  /** Responds with 2xx to a key that is right, and with 401 or 403 to one that is not. */
  checkUrl?: string
  /** The header that a key is sent in; without it, as a bearer token. */
  checkHeader?: string
}

/** For AES-256-GCM. */
export type EncryptionKey = { version: string; key: Buffer }

/** http only where the network cannot be listened to: a service on this machine, for development. */
const url = z.string().refine((value) => isAddress(value), 'must be https (or http on this machine)')
const id = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'must be small letters, digits and -')
const name = z.string().trim().min(1).max(50)

/** Set by us for each request. */
const OWN_PARAMETERS = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
]

const OAuth = z.strictObject({
  kind: z.literal('oauth'),
  ...{ id, name, issuer: url.optional() },
  authorizationUrl: url.optional(),
  tokenUrl: url.optional(),
  revocationUrl: url.optional(),
  accountUrl: url.optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  clientAuthentication: z.enum(['basic', 'post']).default('basic'),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).default([]),
  authorizationParams: z
    .record(z.string(), z.string())
    .refine((given) => !OWN_PARAMETERS.some((parameter) => parameter in given), 'may not replace a parameter of OAuth')
    .default({}),
})

const ApiKey = z.strictObject({
  kind: z.literal('api-key'),
  ...{ id, name, helpUrl: url.optional() },
  pattern: z
    .string()
    .refine((value) => toPattern(value) !== undefined, 'must be a regular expression')
    .optional(),
  checkUrl: url.optional(),
  checkHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header')
    .optional(),
})

const Configured = z.array(z.discriminatedUnion('kind', [OAuth, ApiKey]))
type Entry = z.output<typeof Configured>[number]

/** CONNECTED_SERVICES, in the order of the account page; or what of it cannot be used. */
export function connectedServicesOf({ CONNECTED_SERVICES: setting }: Given): {
  value: ConnectedService[]
  errors: string[]
} {
  if (setting === undefined) return { value: [], errors: [] }
  const json = readList(setting)
  if (json === undefined) {
    return { value: [], errors: ['CONNECTED_SERVICES must be a JSON list of services, or the path of a file with one'] }
  }
  const { data = [], error } = Configured.safeParse(json)
  const errors = [
    ...(error?.issues ?? []).map(({ path, message }) => `CONNECTED_SERVICES ${path.join('.')}: ${message}`),
    ...data.flatMap((entry) => entryErrors(entry, data)),
  ]
  return { value: errors.length > 0 ? [] : data.map(toService), errors }
}

function entryErrors(entry: Entry, all: readonly Entry[]): string[] {
  const isTwice = all.filter((other) => other.id === entry.id).length > 1
  return [
    ...(isTwice ? [`CONNECTED_SERVICES has the id ${entry.id} twice`] : []),
    ...(entry.kind === 'oauth' && !hasEndpoints(entry)
      ? [`CONNECTED_SERVICES ${entry.id}: needs issuer, or authorizationUrl and tokenUrl`]
      : []),
  ]
}

function hasEndpoints({ issuer, authorizationUrl, tokenUrl, revocationUrl }: z.output<typeof OAuth>): boolean {
  if (authorizationUrl !== undefined && tokenUrl !== undefined) return true
  const isNone = authorizationUrl === undefined && tokenUrl === undefined && revocationUrl === undefined
  return isNone && issuer !== undefined
}

function toService(entry: Entry): ConnectedService {
  if (entry.kind === 'api-key') {
    const { pattern, ...rest } = entry
    const compiled = pattern === undefined ? undefined : toPattern(pattern)
    return definedOnly({ ...rest, pattern: compiled })
  }
  const { authorizationUrl, tokenUrl, revocationUrl, clientAuthentication, clientSecret, ...rest } = entry
  const endpoints =
    authorizationUrl === undefined || tokenUrl === undefined
      ? undefined
      : definedOnly({ authorize: authorizationUrl, token: tokenUrl, revoke: revocationUrl })
  return { ...definedOnly({ ...rest, endpoints }), clientSecret, takesBasic: clientAuthentication === 'basic' }
}

type Defined<Value> = { [Name in keyof Value]: Exclude<Value[Name], undefined> }

/** An optional field of ours is absent, or has a value. */
function definedOnly<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<Value>
}

/** Tokens and keys must not cross a network in clear. */
export function connectedProductionErrors(services: readonly ConnectedService[]): string[] {
  const isClear = services.some((service) => addressesOf(service).some((address) => !address.startsWith('https:')))
  return isClear ? ['CONNECTED_SERVICES must have https addresses in production'] : []
}

function addressesOf(service: ConnectedService): string[] {
  const found =
    service.kind === 'api-key'
      ? [service.checkUrl]
      : [service.issuer, service.accountUrl, ...Object.values(service.endpoints ?? {})]
  return found.filter((address) => address !== undefined)
}

/** ENCRYPTION_KEYS: the first one encrypts, all of them decrypt. */
export function encryptionKeysOf({ ENCRYPTION_KEYS: setting, CONNECTED_SERVICES }: Given): {
  value: EncryptionKey[]
  errors: string[]
} {
  if (setting === undefined) {
    const isNeeded = CONNECTED_SERVICES !== undefined
    return { value: [], errors: isNeeded ? ['ENCRYPTION_KEYS is required with CONNECTED_SERVICES'] : [] }
  }
  const parts = setting.split(',').map((part) => /^([A-Za-z0-9]{1,16}):([0-9a-fA-F]{64})$/.exec(part.trim()))
  const value = parts.flatMap((part) => {
    const [, version = '', hex = ''] = part ?? []
    return part ? [{ version, key: Buffer.from(hex, 'hex') }] : []
  })
  const versions = new Set(value.map(({ version }) => version))
  return { value, errors: keyErrors(value, { isReadable: value.length === parts.length, versions: versions.size }) }
}

/** The form that is asked for leaves no other weakness than these: 64 digits that somebody typed. */
const DIGITS_MIN = 8

function keyErrors(keys: readonly EncryptionKey[], found: { isReadable: boolean; versions: number }): string[] {
  const isTyped = keys.some(({ key }) => new Set(key.toString('hex')).size < DIGITS_MIN)
  return [
    ...(found.isReadable
      ? []
      : [
          'ENCRYPTION_KEYS must be version:key, each key 64 hexadecimal digits (openssl rand -hex 32), with commas between',
        ]),
    ...(found.versions < keys.length ? ['ENCRYPTION_KEYS has a version twice'] : []),
    ...(isTyped ? ['ENCRYPTION_KEYS has a key that is not random (openssl rand -hex 32)'] : []),
  ]
}

function isAddress(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, hash } = new URL(value)
  const isPlain = username === '' && hash === '' && !/[#@\s]/.test(value)
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname)))
}

function toPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    return undefined
  }
}
