import { createHash } from 'node:crypto'
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { OldTokens } from '../env-old-tokens.ts'
import { HttpError } from '../errors.ts'
import type { KeySet } from './key-set.ts'

/** What an old token says, once its signature and its claims are right. */
export type ReadToken = {
  /** A digest of what is signed. The signature is no part of it: with ECDSA there are several for one text. */
  id: string
  /** In the old system. */
  userId: string
  /** Null where the token does not say. */
  issuedAt: Date | null
  /** With the leeway, and never after the end of all old tokens. */
  expiresAt: Date
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * When its user has signed in, for what asks for a fresh sign-in: when it was issued, and a day ago at least. It may have been renewed for
 * years.
 */
export function signInTimeOf({ issuedAt }: ReadToken): Date {
  return new Date(Math.min(issuedAt?.getTime() ?? Number.POSITIVE_INFINITY, Date.now() - DAY_MS))
}

/** RFC 7515 §7.1: three parts in base64url, none of them empty. Our own bearer tokens have two. */
const BEARER = /^bearer +([\w-]{1,8192}\.[\w-]{1,8192}\.[\w-]{1,8192})$/i

/** The JWT in an Authorization header; undefined: there is none. */
export function oldTokenIn(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1]
}

/** RFC 9068 §2.1 has the second one. Others are for something else: a logout token, a proof, a document. */
const TYPES = /^(?:application\/)?(?:at\+)?jwt$/i
/** No white space, nothing that cannot be seen: neither PostgreSQL nor a log nor a person can tell such ids apart. */
const ID = /^[^\s\p{Cc}\p{Cf}\p{Cs}]{1,255}$/u

/** Throws INVALID_TOKEN, OLD_TOKEN_EXPIRED (nobody) or OLD_TOKEN_KEYS_UNAVAILABLE (don't know). */
export function createReader(settings: OldTokens, keySet: KeySet | undefined) {
  const { algorithm, key, issuer, audiences, userClaim, leewaySeconds, maxAgeSeconds, until } = settings
  const verifyOptions = {
    algorithms: [algorithm],
    ...(issuer !== undefined && { issuer }),
    ...(audiences.length > 0 && { audience: [...audiences] }),
    requiredClaims: ['exp', userClaim],
    clockTolerance: leewaySeconds,
  }

  return async function readToken(token: string, keys: keyof KeySet['find']): Promise<ReadToken> {
    refuseOddHeader(token)
    const payload = await verify(token, keys)
    if (audiences.length === 0 && payload.aud !== undefined)
      throw refused('an audience, and OLD_TOKENS_AUDIENCE is not set')
    for (const [name, value] of Object.entries(settings.claims)) {
      if (!Object.hasOwn(payload, name) || payload[name] !== value)
        throw refused(`another ${name} than OLD_TOKENS_CLAIMS`)
    }
    const { issuedAt, expiresAt } = readTimes(payload)
    return { id: idOf(token), userId: userIdIn(payload), issuedAt, expiresAt }
  }

  async function verify(token: string, keys: keyof KeySet['find']): Promise<JWTPayload> {
    try {
      if (keySet !== undefined) return (await jwtVerify(token, keySet.find[keys], verifyOptions)).payload
      const local = key.kind === 'secret' ? key.secret : key.kind === 'public' ? key.key : NO_KEY
      return (await jwtVerify(token, local, verifyOptions)).payload
    } catch (error) {
      if (error instanceof HttpError) throw error
      if (error instanceof errors.JWTExpired) throw new HttpError('OLD_TOKEN_EXPIRED', { cause: error })
      throw new HttpError('INVALID_TOKEN', { cause: error })
    }
  }

  /** jose has compared them with the clock, and leaves out how long a token may count. */
  function readTimes({ iat, exp = Number.NaN }: JWTPayload): Pick<ReadToken, 'issuedAt' | 'expiresAt'> {
    const now = Date.now() / 1000
    if (!Number.isFinite(exp) || (iat !== undefined && !Number.isFinite(iat)))
      throw refused('times that are no numbers')
    if (iat !== undefined && iat > now + leewaySeconds) throw refused('an iat in the future')
    // Without iat nobody knows how old it is, only how long it would still count.
    const ageSeconds = iat === undefined ? exp - now : now - iat
    const oldest = iat === undefined ? Number.POSITIVE_INFINITY : iat + maxAgeSeconds
    const end = Math.min(exp + leewaySeconds, oldest, until.getTime() / 1000)
    if (ageSeconds > maxAgeSeconds || end <= now) throw new HttpError('OLD_TOKEN_EXPIRED')
    return { issuedAt: iat === undefined ? null : new Date(iat * 1000), expiresAt: new Date(end * 1000) }
  }

  /** As it was in the old system: a number there is a text here. */
  function userIdIn(payload: JWTPayload): string {
    const value = Object.hasOwn(payload, userClaim) ? payload[userClaim] : undefined
    const id = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value
    if (typeof id !== 'string' || !ID.test(id)) throw refused(`no usable ${userClaim}`)
    return id
  }
}

/** For the compiler: a key set is never without its KeySet. */
const NO_KEY = new Uint8Array()

function refuseOddHeader(token: string): void {
  let header: ReturnType<typeof decodeProtectedHeader>
  try {
    header = decodeProtectedHeader(token)
  } catch (cause) {
    throw new HttpError('INVALID_TOKEN', { cause })
  }
  const { typ, kid, crit } = header
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.test(typ))) throw refused('another typ')
  if (kid !== undefined && !(typeof kid === 'string' && kid.length <= 512)) throw refused('an odd kid')
  if (crit !== undefined) throw refused('crit')
}

const refused = (what: string) => new HttpError('INVALID_TOKEN', { cause: new Error(`the token has ${what}`) })

function idOf(token: string): string {
  return createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('hex')
}
