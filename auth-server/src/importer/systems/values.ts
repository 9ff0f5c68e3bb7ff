import type { Row } from '../system.ts'

/** Text that says something: null for blank ones. Numbers are those of JSON. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

const YES = new Set(['t', 'true', '1', 'yes', 'y', 'on', 'enabled', 'active', 'verified', 'confirmed', '\u0001'])
const NO = new Set(['f', 'false', '0', 'no', 'n', 'off', 'disabled', 'inactive', 'unverified', '\u001a', ''])

/** null: it says neither. */
export function truthOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = String(value ?? '')
    .trim()
    .toLowerCase()
  if (value === null || value === undefined) return null
  if (YES.has(word)) return true
  return NO.has(word) ? false : null
}

/** A flag, or the time since when it holds: NULL is no. */
export function happened(value: unknown): boolean {
  return truthOf(value) ?? timeOf(value) !== null
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?)\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i
/** From 2001 on in milliseconds, until 5138 in seconds. */
const MILLISECONDS_FROM = 1e11
const MICROSECONDS_FROM = 1e14

/** ISO 8601, as databases write it, or the seconds or milliseconds since 1970; a shorter number is none. What has no zone is UTC. */
export function timeOf(value: unknown): Date | null {
  const text = textOf(value)?.trim()
  if (text === undefined) return null
  if (/^\d{9,17}(?:\.\d+)?$/.test(text)) return valid(new Date(millisecondsOf(Number(text))))
  const [, day, time = '00:00:00', zone = 'Z'] = ISO.exec(text) ?? []
  if (day !== undefined) return valid(new Date(`${day}T${time}${zoneOf(zone)}`))
  return /GMT|UTC/.test(text) ? valid(new Date(text)) : null
}

function millisecondsOf(number: number): number {
  if (Math.abs(number) >= MICROSECONDS_FROM) return number / 1000
  return Math.abs(number) >= MILLISECONDS_FROM ? number : number * 1000
}

function zoneOf(zone: string): string {
  if (/^(?:z|utc)$/i.test(zone)) return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** 1970-01-01 00:00:00 is what systems write who do not know. */
function valid(date: Date): Date | null {
  const time = date.getTime()
  return Number.isNaN(time) || time <= 0 || date.getUTCFullYear() > 9999 ? null : date
}

/** JSON in a column of text; JSON's own values as they are. Empty where it is no object. */
export function objectOf(value: unknown): Row {
  const parsed = typeof value === 'string' ? parsedOf(value) : value
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Row) : {}
}

export function listOf(value: unknown): Row[] {
  const parsed = typeof value === 'string' ? parsedOf(value) : value
  return Array.isArray(parsed)
    ? parsed.filter((entry): entry is Row => typeof entry === 'object' && entry !== null)
    : []
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ADMIN = new Set([
  'admin',
  'administrator',
  'superuser',
  'superadmin',
  'super_admin',
  'super-admin',
  'realm-admin',
])

/** `admin: False`, `"admin"=>"0"`. */
const DENIED = /[a-z_-]+["']?\s*(?::|=>?)\s*["']?(?:false|0|no|off|null|none|nil)\b/g

/**
 * A role, or several: text with commas, an array of PostgreSQL's or of JSON, an object with a flag for each. A number is
 * none whose meaning is known.
 */
export function isAdminRole(value: unknown): boolean {
  const parsed = typeof value === 'string' && /^\s*[[{"]/.test(value) ? (parsedOf(value) ?? value) : value
  if (Array.isArray(parsed)) return parsed.some(isAdminRole)
  if (typeof parsed === 'object' && parsed !== null) return Object.entries(parsed).some(isAdminEntry)
  if (typeof parsed !== 'string') return parsed === true
  return parsed
    .toLowerCase()
    .replace(DENIED, '')
    .split(/[^a-z_-]+/)
    .some((word) => ADMIN.has(word))
}

/** `{"admin": true}`, and `{"role": "admin"}`. */
function isAdminEntry([name, value]: [string, unknown]): boolean {
  if (ADMIN.has(name.toLowerCase())) return truthOf(value) === true
  return /^roles?$/i.test(name) && typeof value !== 'boolean' && isAdminRole(value)
}
