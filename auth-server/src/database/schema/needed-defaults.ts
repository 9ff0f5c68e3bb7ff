import { escapeLiteral } from 'pg'
import type { Env } from '../../env.ts'

type Type = Env['userFields'][number]['type']

/** The default of a field of AUTH_USER_FIELDS, in the words in which PostgreSQL writes it back: tools compare the texts. */
export function defaultInSql(type: Type, value: unknown): string {
  if (type === 'date')
    return value === 'now' ? 'CURRENT_TIMESTAMP' : `${quoted(asTimestamp(String(value)))}::timestamptz`
  if (type === 'json') return `${quoted(JSON.stringify(sorted(value)))}::jsonb`
  if (type === 'number') return numberInSql(Number(value))
  return type === 'string' ? quoted(String(value)) : String(value)
}

/** Never `E'…'`: every connection has standard_conforming_strings. */
const quoted = (text: string) => (text.includes('\\') ? `'${text.replaceAll("'", "''")}'` : escapeLiteral(text))

/** In UTC, without trailing zeros. */
const asTimestamp = (value: string) =>
  new Date(value)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.(\d*?)0*Z$/, (_, digits: string) => (digits === '' ? '+00' : `.${digits}+00`))

function numberInSql(value: number): string {
  const digits = inDigits(value)
  const isPlain = value >= 0 && (!Number.isInteger(value) || value < 2 ** 31)
  if (isPlain) return digits
  const type = !Number.isInteger(value) || Math.abs(value) >= 2 ** 63 ? 'numeric' : 'bigint'
  return `'${digits}'::${Math.abs(value) < 2 ** 31 && type === 'bigint' ? 'integer' : type}`
}

/** 1e-7: 0.0000001. */
function inDigits(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  if (exponent === undefined) return String(value)
  const point = whole.length + Number(exponent)
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, '0')
  const end = Math.max(1, point)
  return `${sign}${digits.slice(0, end)}${digits.length > end ? `.${digits.slice(end)}` : ''}`
}

/** As jsonb keeps the keys of an object: the shorter first. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => ({
    key: Buffer.from(key),
    entry: [key, sorted(one)] as const,
  }))
  entries.sort((a, b) => a.key.length - b.key.length || Buffer.compare(a.key, b.key))
  return Object.fromEntries(entries.map(({ entry }) => entry))
}

/** Whether a column has a constant as its default, and not the one that is wanted. An expression is the operator's own. */
export function isOtherConstant(found: string, wanted: string | undefined): boolean {
  const there = constantIn(found)
  return there !== undefined && there !== (wanted && constantIn(wanted))
}

/** In one form, whatever the cast. */
function constantIn(sql: string): string | undefined {
  if (sql === 'CURRENT_TIMESTAMP' || sql === 'now()') return 'now'
  if (/^(?:true|false)$/.test(sql)) return sql
  if (/^\d+(?:\.\d+)?$/.test(sql)) return String(Number(sql))
  const [, quotes, type = 'text'] = /^'((?:[^']|'')*)'(?:::([a-z ]+))?$/.exec(sql) ?? []
  if (quotes === undefined) return undefined
  const text = quotes.replaceAll("''", "'")
  if (type === 'jsonb') return JSON.stringify(sorted(JSON.parse(text)))
  if (type.startsWith('timestamp')) {
    const time = new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z')) // or infinity
    return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
  }
  return ['numeric', 'integer', 'bigint', 'double precision'].includes(type)
    ? String(Number(text))
    : JSON.stringify(text)
}
