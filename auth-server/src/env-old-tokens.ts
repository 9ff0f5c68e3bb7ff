import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import * as field from './env-fields.ts'
import { secretWeakness } from './env-production.ts'

type Given = Record<string, string | undefined>

/** Exactly one: that a key of one kind verifies signatures of another is what attacks on JWTs are made of. */
const ALGORITHMS = [
  ...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
] as const

export const OLD_TOKEN_VARIABLES = {
  OLD_TOKENS_UNTIL: field.text.optional(),
  OLD_TOKENS_ALGORITHM: z.enum(ALGORITHMS, { error: `must be one of ${ALGORITHMS.join(', ')}` }).default('HS256'),
  OLD_TOKENS_SECRET: field.text.optional(),
  OLD_TOKENS_PUBLIC_KEY: field.text.optional(),
  OLD_TOKENS_JWKS_URL: field.text.optional(),
  OLD_TOKENS_ISSUER: field.text.optional(),
  OLD_TOKENS_AUDIENCE: field.text.optional(),
  OLD_TOKENS_USER_CLAIM: field.text.default('sub'),
  OLD_TOKENS_CLAIMS: field.text.optional(),
  OLD_TOKENS_SOURCE: field.text.optional(),
  OLD_TOKENS_LEEWAY_SECONDS: field.integer(30, 0, 300),
  OLD_TOKENS_MAX_AGE_HOURS: field.integer(720, 1, 8784),
}

type Key =
  | { kind: 'secret'; secret: Uint8Array }
  | { kind: 'public'; key: KeyObject }
  /** A JSON Web Key Set (RFC 7517), asked for again and again. */
  | { kind: 'jwks'; url: string }

/** The tokens of the system that is being left: how they are verified, whose they are, and until when they count. */
export type OldTokens = {
  until: Date
  algorithm: string
  key: Key
  issuer: string | undefined
  /** One of them has to be in `aud`. None: a token with an audience is for somebody else. */
  audiences: readonly string[]
  /** The claim with the id that a user had in the old system. */
  userClaim: string
  /** Claims that must have exactly these values. */
  claims: Readonly<Record<string, string | number | boolean>>
  /** Of the import that brought its users: only they have old tokens, by the ids that they had there. */
  source: string | undefined
  leewaySeconds: number
  maxAgeSeconds: number
}

const NAMES = {
  secret: 'OLD_TOKENS_SECRET',
  public: 'OLD_TOKENS_PUBLIC_KEY',
  jwks: 'OLD_TOKENS_JWKS_URL',
} as const

/** Without any of these, old tokens are off: the others have defaults. */
const USED = ['UNTIL', 'SECRET', 'PUBLIC_KEY', 'JWKS_URL', 'ISSUER', 'AUDIENCE', 'CLAIMS', 'SOURCE'].map(
  (name) => `OLD_TOKENS_${name}`,
)

/** What every tutorial's reader has, too. */
const PUBLISHED = ['09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7']

const Claims = z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))

/** What the settings OLD_TOKENS_… say together; undefined: no old token counts. */
export function oldTokensOf(given: Given): { value: OldTokens | undefined; errors: string[] } {
  if (USED.every((name) => given[name] === undefined)) return { value: undefined, errors: [] }
  const algorithm = given.OLD_TOKENS_ALGORITHM ?? 'HS256'
  const until = untilOf(given.OLD_TOKENS_UNTIL)
  const key = keyOf(given, algorithm)
  const claims = claimsOf(given.OLD_TOKENS_CLAIMS)
  const errors = [
    ...when(until === undefined, 'OLD_TOKENS_UNTIL must be the last day of old tokens: 2027-03-31'),
    ...key.errors,
    ...when(claims === undefined, 'OLD_TOKENS_CLAIMS must be a JSON object of texts, numbers, true or false'),
  ]
  if (until === undefined || key.value === undefined || claims === undefined || errors.length > 0)
    return { value: undefined, errors }
  const value = {
    ...{ until, algorithm, key: key.value, claims },
    issuer: given.OLD_TOKENS_ISSUER,
    audiences: (given.OLD_TOKENS_AUDIENCE ?? '').split(',').map(trimmed).filter(Boolean),
    source: given.OLD_TOKENS_SOURCE,
    userClaim: given.OLD_TOKENS_USER_CLAIM ?? 'sub',
    leewaySeconds: Number(given.OLD_TOKENS_LEEWAY_SECONDS ?? 30),
    maxAgeSeconds: Number(given.OLD_TOKENS_MAX_AGE_HOURS ?? 720) * 3600,
  }
  return { value, errors }
}

/** A day counts to its end, in UTC; a moment is ISO 8601 in UTC. */
function untilOf(setting: string | undefined): Date | undefined {
  const [, day, time = 'T24:00:00Z'] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?Z)?$/.exec(setting ?? '') ?? []
  const isDay = day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
  const until = new Date(`${day}${time}`)
  return isDay && !Number.isNaN(until.getTime()) ? until : undefined
}

function keyOf(given: Given, algorithm: string): { value: Key | undefined; errors: string[] } {
  const kinds = (['secret', 'public', 'jwks'] as const).filter((kind) => given[NAMES[kind]] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    const names = Object.values(NAMES).join(', ')
    return { value: undefined, errors: [`exactly one of ${names} is required: what old tokens are verified with`] }
  }
  const isShared = algorithm.startsWith('HS')
  if (isShared !== (kind === 'secret')) {
    const needed = isShared ? NAMES.secret : `${NAMES.public} or ${NAMES.jwks}`
    return { value: undefined, errors: [`OLD_TOKENS_ALGORITHM ${algorithm} needs ${needed}`] }
  }
  return READERS[kind](given[NAMES[kind]] ?? '', algorithm, given)
}

type Reader = (setting: string, algorithm: string, given: Given) => ReturnType<typeof keyOf>

const READERS: Record<Key['kind'], Reader> = {
  secret: (setting, algorithm, given) => {
    const secret = new TextEncoder().encode(setting)
    const min = Number(algorithm.slice(2)) / 8
    const errors = [
      // RFC 7518 §3.2.
      ...when(secret.length < min, `OLD_TOKENS_SECRET is too short: ${algorithm} needs at least ${min} bytes`),
      // RFC 8725 §3.1. A public key as the secret: anybody could make tokens.
      ...when(
        isNoSecret(setting),
        'OLD_TOKENS_SECRET is a key in PEM, DER or JWK, or a URL: set OLD_TOKENS_ALGORITHM too',
      ),
      ...when(PUBLISHED.includes(setting), 'OLD_TOKENS_SECRET is published in a tutorial: anybody can make tokens'),
      ...when(
        [given.BETTER_AUTH_SECRET, given.INTERNAL_TOKEN].includes(setting),
        'OLD_TOKENS_SECRET must differ from BETTER_AUTH_SECRET and INTERNAL_TOKEN',
      ),
    ]
    return { value: { kind: 'secret', secret }, errors }
  },
  public: (setting, algorithm) => {
    const key = publicKeyOf(setting.replaceAll('\\n', '\n'))
    if (key === undefined)
      return {
        value: undefined,
        errors: ['OLD_TOKENS_PUBLIC_KEY must be a public key in PEM: -----BEGIN PUBLIC KEY-----'],
      }
    const isFit = fits(key, algorithm)
    const errors = when(!isFit, `OLD_TOKENS_PUBLIC_KEY is no key for ${algorithm} (RSA: at least 2048 bits)`)
    return { value: { kind: 'public', key }, errors }
  },
  jwks: (setting, _algorithm, given) => {
    const url = URL.canParse(setting) ? new URL(setting) : undefined
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && field.isThisMachine(url.hostname))
    const isPlain = url?.username === '' && url.password === ''
    const errors = [
      ...when(!isSafe || !isPlain, 'OLD_TOKENS_JWKS_URL must be an https URL (or http on this machine)'),
      // Firebase signs the tokens of all projects with the same keys.
      ...when(given.OLD_TOKENS_ISSUER === undefined, 'OLD_TOKENS_ISSUER is required with OLD_TOKENS_JWKS_URL'),
    ]
    return { value: { kind: 'jwks', url: setting }, errors }
  },
}

function publicKeyOf(pem: string): KeyObject | undefined {
  // Node would make the public key of a private one: that one belongs into no other service.
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** What is meant for OLD_TOKENS_PUBLIC_KEY or OLD_TOKENS_JWKS_URL, also where a shell or a chart has encoded it. */
function isNoSecret(setting: string): boolean {
  const decoded = Buffer.from(setting, 'base64')
  return [setting, decoded.toString()].some(isKeyText) || isPublicDer(decoded)
}

function isKeyText(text: string): boolean {
  return text.includes('-----BEGIN') || /^\s*https?:\/\//i.test(text) || isJsonObject(text)
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

function isPublicDer(key: Buffer): boolean {
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' }) !== undefined
  } catch {
    return false
  }
}

const CURVES: Record<string, string> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' }

function fits({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, algorithm: string): boolean {
  if (algorithm === 'EdDSA') return asymmetricKeyType === 'ed25519'
  if (algorithm in CURVES) return asymmetricKeyDetails?.namedCurve === CURVES[algorithm]
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
}

function claimsOf(setting: string | undefined): OldTokens['claims'] | undefined {
  if (setting === undefined) return {}
  try {
    return Claims.safeParse(JSON.parse(setting)).data
  } catch {
    return undefined
  }
}

/** Django writes a prefix into its keys that says where they come from; the rest is random. */
export function oldTokensProductionErrors({ OLD_TOKENS_SECRET: secret }: Given): string[] {
  return secretWeakness(secret?.replace(/^django-insecure-/, '')).map((why) => `OLD_TOKENS_SECRET ${why}`)
}

const trimmed = (text: string) => text.trim()
const when = (condition: boolean, error: string) => (condition ? [error] : [])
