import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Env } from '../env.ts'
import { InvalidToken, SessionRequired } from '../errors.ts'

/** Who somebody says they are, before any database is asked: the signature is ours, so we gave the token out. */
export type Credential = {
  token: string
  from: 'bearer' | 'cookie'
  /** False when signed in with `rememberMe: false`: such a session is never extended. */
  isRemembered: boolean
}

/** The two headers a credential comes in; undefined where the header is absent. */
export type Presented = { authorization: string | undefined; cookie: string | undefined }

const SESSION_COOKIE = 'better-auth.session_token'
const DONT_REMEMBER_COOKIE = 'better-auth.dont_remember'
const SECURE_PREFIX = '__Secure-'

/** RFC 6750: the scheme in any case, spaces, one token. Two headers arrive joined by ", " and so match nothing. */
const BEARER = /^bearer +([A-Za-z0-9._~+/=%-]+)$/i

/**
 * Reads and verifies without I/O: a forged credential costs one HMAC and no query.
 * Throws SessionRequired when nothing was presented and InvalidToken when what was presented is not ours.
 */
export function createCredentialReader(env: Pick<Env, 'BETTER_AUTH_SECRET' | 'NODE_ENV' | 'PUBLIC_URL'>) {
  const secret = env.BETTER_AUTH_SECRET
  const prefixes = isSecure(env) ? [SECURE_PREFIX] : [SECURE_PREFIX, '']

  return function readCredential({ authorization, cookie }: Presented): Credential {
    // A bearer that fails is refused, never replaced by the cookie beside it: the caller named whom they meant.
    if (authorization !== undefined)
      return { token: bearerToken(authorization, cookie), from: 'bearer', isRemembered: true }
    const presented = cookie === undefined ? undefined : readFirstCookie(cookie, SESSION_COOKIE)
    if (cookie === undefined || !presented) throw new SessionRequired()
    return { token: verify(presented), from: 'cookie', isRemembered: !isSigned(cookie, DONT_REMEMBER_COOKIE) }
  }

  function bearerToken(authorization: string, cookie = ''): string {
    const [, value] = BEARER.exec(authorization) ?? []
    if (value === undefined) throw new InvalidToken()
    const token = verify(value)
    const beside = readFirstCookie(cookie, SESSION_COOKIE)
    // The cookie of another session, and perhaps of another person: nobody can tell who is meant.
    if (beside && !beside.startsWith(`${token}.`)) throw new InvalidToken()
    return token
  }

  function verify(encoded: string): string {
    const token = verifySigned(percentDecoded(encoded) ?? '', secret)
    if (token === undefined) throw new InvalidToken()
    return token
  }

  function isSigned(header: string, name: string): boolean {
    const value = readFirstCookie(header, name)
    return value !== undefined && verifySigned(percentDecoded(value) ?? '', secret) !== undefined
  }

  function readFirstCookie(header: string, name: string): string | undefined {
    for (const prefix of prefixes) {
      const value = readCookie(header, prefix + name)
      if (value !== undefined) return value
    }
    return undefined
  }
}

/** On https a cookie without the prefix may have been planted over http, by anyone on the network: it is not read. */
export function isSecure(env: Pick<Env, 'NODE_ENV' | 'PUBLIC_URL'>): boolean {
  return env.PUBLIC_URL.startsWith('https://') || env.NODE_ENV === 'production'
}

/** The name better-auth gives the cookie under this PUBLIC_URL. */
export function sessionCookieName(env: Pick<Env, 'NODE_ENV' | 'PUBLIC_URL'>): string {
  return isSecure(env) ? SECURE_PREFIX + SESSION_COOKIE : SESSION_COOKIE
}

/** `token.signature` as better-auth writes it: base64 of HMAC-SHA256, padded. */
export function sign(token: string, secret: string): string {
  return `${token}.${signature(token, secret)}`
}

/**
 * The token behind a `token.signature`, or undefined.
 * Compares texts, not decoded bytes: base64 has several spellings of one value (flipped padding bits), and a credential
 * must have one, or a deny-list and a cache keyed by it could be walked around.
 */
function verifySigned(signed: string, secret: string): string | undefined {
  const dot = signed.lastIndexOf('.')
  if (dot < 1) return undefined
  const token = signed.slice(0, dot)
  const given = Buffer.from(signed.slice(dot + 1))
  const expected = Buffer.from(signature(token, secret))
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}

function signature(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64')
}

/** RFC 6265 §5.4. The first of several with one name counts, as in better-auth: both must see the same person. */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return unquoted(pair.slice(equals + 1).trim())
  }
  return undefined
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function percentDecoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined // a stray %: malformed, so not ours
  }
}
