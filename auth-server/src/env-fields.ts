import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { parseDatabaseUrl } from './database/url.ts'
import { ConfigurationError } from './errors.ts'

/**
 * Building blocks of env.ts. Messages name the rule that was broken, never the value: values here are secrets. Defaults
 * are what an operator would write (`prefault`), so that docs/settings.md can show them.
 */

export const text = z.string({ error: 'is required' })

const commaList = text.transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

export const port = (fallback: number) => integer(fallback, 1, 65_535)

export const integer = (fallback: number, min: number, max: number) => wholeNumber(min, max).prefault(String(fallback))

/** Without a default of its own. */
export function wholeNumber(min: number, max: number) {
  return text
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number >= min && number <= max, `must lie between ${min} and ${max}`)
    .meta({ type: 'integer', minimum: min, maximum: max })
}

/** A name PostgreSQL takes without quotes, so that every tool agrees on it. */
export const databaseName = text.regex(
  /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/,
  'must be a plain lower-case PostgreSQL name (letters, digits, _; at most 63; not pg_… or information_schema)',
)

export const host = text.regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address')

/** Judged by what will take it apart, so that what passes here also connects. */
export const databaseUrl = text.superRefine((value, context) => {
  for (const message of databaseUrlErrors(value)) context.addIssue({ code: 'custom', message })
})

function databaseUrlErrors(value: string): string[] {
  try {
    parseDatabaseUrl('', value)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.errors.map((message) => message.trim())
  }
}

/** scheme://host[:port] and nothing behind it; a slash at the end is forgiven. better-auth reads `*` as a pattern. */
export const origin = text.transform((value, context) => {
  const url = parseUrl(value)
  if (
    url &&
    /^https?:$/.test(url.protocol) &&
    !value.includes('*') &&
    [url.origin, `${url.origin}/`].includes(value.toLowerCase())
  ) {
    return url.origin
  }
  context.addIssue({ code: 'custom', message: 'must be an origin: http(s)://host[:port] without a path or wildcard' })
  return z.NEVER
})

/** Where browsers are sent to. */
export const url = text.refine(
  (value) => /^https?:$/.test(parseUrl(value)?.protocol ?? '') && !/[\s@"'<>\\]/.test(value),
  'must be an address: http(s)://host[:port]/path',
)

/** What a name is appended to. */
export const rangeUrl = text.refine(
  (value) => /^https?:$/.test(parseUrl(value)?.protocol ?? '') && /^[^?#@]*\/$/.test(value),
  'must be an address, http(s)://host/path/, that ends in a slash',
)

export const origins = commaList.pipe(z.array(origin).min(1))

/** `max/seconds`, e.g. 3/10. */
export const rateLimit = text
  .regex(/^[1-9]\d{0,5}\/[1-9]\d{0,5}$/, 'must be max/seconds, for example 3/10')
  .transform((value) => {
    const [max, seconds] = value.split('/')
    return { max: Number(max), window: Number(seconds) }
  })

/** Addresses and CIDR ranges, as a list that can be asked. */
export const addressRanges = commaList.transform((ranges, context) => {
  const list = new BlockList()
  for (const range of ranges) {
    if (!addRange(list, range)) {
      context.addIssue({ code: 'custom', message: 'must be a comma list of addresses or CIDR ranges' })
      return z.NEVER
    }
  }
  return list
})

function addRange(list: BlockList, range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/')
  const family = isIP(address)
  if (family === 0 || address.includes('%') || rest.length > 0) return false
  const width = family === 4 ? 32 : 128
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > width)) return false
  list.addSubnet(address, bits === undefined ? width : Number(bits), family === 4 ? 'ipv4' : 'ipv6')
  return true
}

/** smtp(s)://[user:password@]host[:port] */
export const smtpUrl = text.refine(
  (value) => {
    const url = parseUrl(value)
    const isWhole = url !== undefined && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && isDecodable(url)
    return isWhole && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === ''
  },
  { error: 'must be smtp://host:port or smtps://host:port, with user:password@ where the server asks for them' },
)

/** An address, or a name and an address. One line: it is sent as a header. */
export const mailbox = text.regex(
  /^(?:[^<>"\p{Cc}]{1,100} <[^\s<>"@]{1,64}@[^\s<>"@]{1,255}>|[^\s<>"@]{1,64}@[^\s<>"@]{1,255})$/u,
  'must be an address, or a name and an address: Acme <no-reply@acme.example>',
)

export const boolean = z.enum(['true', 'false'], { error: 'must be true or false' })

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined
}

/** Names for which http is safe, since no network is between. RFC 6761 §6.3 reserves those below `localhost`. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
}
