import type { Env } from '../env.ts'

/**
 * The one rule for which cookie counts; contract/cookies.json is its table, which the Python package is tested with too.
 * - Under one PUBLIC_URL exactly one name counts: with `__Secure-` over https, without it over http.
 * - `;` alone separates cookies, the first `=` ends a name, and only SP and HTAB around either are no part of it
 *   (RFC 9110 §5.6.3). Any other byte is, NBSP and its like included: browsers' prefix rules see such a name as
 *   another one, so must we.
 * - A value is RFC 6265's cookie-octets, perhaps quoted, at most 512 of them; of each name the first 8 are looked at.
 * - Of those the first that carries our signature counts: junk in front of it locks nobody out.
 */
const MAX_CANDIDATES = 8
const VALUE = /^[!#-+\--:<-[\]-~]{1,512}$/
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const OUTER_WHITESPACE = /^[ \t]+|[ \t]+$/g

const SESSION_COOKIE = 'better-auth.session_token'
const DONT_REMEMBER_COOKIE = 'better-auth.dont_remember'
const OWN_PREFIX = 'better-auth.'
const SECURE_PREFIX = '__Secure-'

type NameEnv = Pick<Env, 'NODE_ENV' | 'PUBLIC_URL'>
type Cookie = { name: string; value: string }

/** On https a cookie without the prefix may have been planted over http, by anyone on the network: it is not read. */
export function isSecure(env: NameEnv): boolean {
  return env.PUBLIC_URL.startsWith('https://') || env.NODE_ENV === 'production'
}

/** The names better-auth gives its cookies under this PUBLIC_URL. */
export function cookieNames(env: NameEnv) {
  const prefix = isSecure(env) ? SECURE_PREFIX : ''
  return { session: prefix + SESSION_COOKIE, dontRemember: prefix + DONT_REMEMBER_COOKIE, all: prefix + OWN_PREFIX }
}

type CookieEnv = NameEnv & Pick<Env, 'COOKIE_DOMAIN'>

/** Of every cookie of this server, in better-auth's order. With COOKIE_DOMAIN, browsers send it to all hosts below that domain. */
export function cookieAttributes(env: CookieEnv, maxAgeSeconds: number, path = '/'): string {
  const domain = env.COOKIE_DOMAIN === undefined ? '' : ` Domain=${env.COOKIE_DOMAIN};`
  return `Max-Age=${maxAgeSeconds};${domain} Path=${path}; HttpOnly;${isSecure(env) ? ' Secure;' : ''} SameSite=Lax`
}

/** Set-Cookie that takes the session's cookie back, as better-auth writes it. */
export function createEndedCookie(env: CookieEnv): string {
  return `${cookieNames(env).session}=; ${cookieAttributes(env, 0)}`
}

/** In the order in which they were sent. Several Cookie headers arrive joined by "; ", which is the same. */
function readCookies(header: string): Cookie[] {
  return header.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [] : [{ name: trimmed(pair.slice(0, equals)), value: trimmed(pair.slice(equals + 1)) }]
  })
}

/** What may be the value of a cookie of ours; `isPresent`: also where none of those sent can be. */
export function readCandidates(header: string, name: string): { isPresent: boolean; values: string[] } {
  const sent = readCookies(header).flatMap((cookie) => (cookie.name === name ? [unquoted(cookie.value)] : []))
  const filled = sent.filter((value) => value !== '')
  return { isPresent: filled.length > 0, values: filled.filter((value) => VALUE.test(value)).slice(0, MAX_CANDIDATES) }
}

/** Whether a cookie of better-auth's came along, by whichever of its names: only those can act for somebody. */
export function hasOwnCookie(header: string): boolean {
  return readCookies(header).some(({ name }) => name.replace(SECURE_PREFIX, '').startsWith(OWN_PREFIX))
}

/**
 * better-auth's other cookies (the state of a sign-in at a provider, …): the first of each name. None whose name has
 * other bytes than a name may have (RFC 6265 §4.1.1): better-auth trims more of them off than we do.
 */
export function otherCookies(header: string, { session, dontRemember, all }: ReturnType<typeof cookieNames>): string[] {
  const first = new Map<string, string>()
  for (const { name, value } of readCookies(header)) {
    if (name.startsWith(all) && NAME.test(name) && name !== session && name !== dontRemember && !first.has(name))
      first.set(name, value)
  }
  return [...first].map(([name, value]) => `${name}=${value}`)
}

const trimmed = (text: string) => text.replace(OUTER_WHITESPACE, '')

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
