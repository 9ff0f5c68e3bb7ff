import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { cookieNames, readCandidates } from './cookies.ts'

/** What a request presents, verified without the database: the signature is ours, so we issued the token. */
export type Credential = {
  token: string
  from: 'bearer' | 'cookie'
  /** False when signed in with `rememberMe: false`: such a session is never extended. */
  isRemembered: boolean
}

/** The two headers a credential comes in; undefined where the header is absent. */
export type Presented = { authorization: string | undefined; cookie: string | undefined }

/** RFC 6750: the scheme in any case, spaces, one token. Two headers arrive joined by ", " and so match nothing. */
const BEARER = /^bearer +([A-Za-z0-9._~+/=%-]+)$/i
/** The scheme as a whole token (RFC 9110 §11.1), at the start of the header or of one of several joined. */
const BEARER_SCHEME = /(?:^|,)[ \t]*bearer(?![!#$%&'*+.^_`|~0-9A-Za-z-])/i

/**
 * Whether an Authorization header is for us. Basic, Digest or Negotiate is for the proxy of a protected site, which
 * browsers send it to with every request: as good as absent.
 */
export function isBearer(authorization: string | undefined): boolean {
  return authorization !== undefined && BEARER_SCHEME.test(authorization)
}

/**
 * Reads and verifies without I/O: a forged credential costs an HMAC and no query.
 * Throws SESSION_REQUIRED when nothing was presented and INVALID_TOKEN when what was presented is not ours.
 */
export function createCredentialReader(env: Pick<Env, 'BETTER_AUTH_SECRET' | 'NODE_ENV' | 'PUBLIC_URL'>) {
  const secret = env.BETTER_AUTH_SECRET
  const names = cookieNames(env)

  return function readCredential({ authorization, cookie = '' }: Presented): Credential {
    // A bearer that fails is refused, never replaced by the cookie beside it: the caller named whom they meant.
    if (authorization !== undefined && isBearer(authorization)) {
      return { token: bearerToken(authorization, cookie), from: 'bearer', isRemembered: true }
    }
    const token = firstSigned(cookie, names.session)
    if (token !== undefined) return { token, from: 'cookie', isRemembered: !firstSigned(cookie, names.dontRemember) }
    throw readCandidates(cookie, names.session).isPresent
      ? new HttpError('INVALID_TOKEN')
      : new HttpError('SESSION_REQUIRED')
  }

  function bearerToken(authorization: string, cookie: string): string {
    const [, value = ''] = BEARER.exec(authorization) ?? []
    const token = verify(value)
    if (token === undefined) throw new HttpError('INVALID_TOKEN')
    const beside = firstSigned(cookie, names.session)
    // The cookie of another session, perhaps of another user: nobody can tell who is meant.
    if (beside !== undefined && beside !== token) throw new HttpError('INVALID_TOKEN')
    return token
  }

  function firstSigned(cookie: string, name: string): string | undefined {
    for (const value of readCandidates(cookie, name).values) {
      const token = verify(value)
      if (token !== undefined) return token
    }
    return undefined
  }

  function verify(encoded: string): string | undefined {
    return verifySigned(percentDecoded(encoded) ?? '', secret)
  }
}

/** `token.signature` as better-auth writes it: base64 of HMAC-SHA256, padded. */
export function sign(token: string, secret: string): string {
  return `${token}.${signature(token, secret)}`
}

/**
 * The token behind a `token.signature`, or undefined.
 * Compares texts, not decoded bytes: base64 can write one value in several ways (flipped padding bits), and a credential
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

/** The token behind what we handed out, signed, as in a body or percent-encoded as in a cookie; undefined: not ours. */
export function tokenOf(handedOut: string, secret: string): string | undefined {
  return verifySigned(percentDecoded(handedOut) ?? '', secret)
}

function signature(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64')
}

function percentDecoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined // a stray %: malformed, so not ours
  }
}
