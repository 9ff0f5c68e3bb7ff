import type { Row } from '../system.ts'
import { uuidOf } from './uuid.ts'

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an API calls the list of a page, beside its count or token. */
const LISTS = ['users', 'Users', 'data']
const OF_A_ROW = ['id', '_id', 'user_id', 'email']

/** The rows of a page. undefined: it is a row itself. */
export function pageOf(value: Row): unknown[] | undefined {
  const list = LISTS.find((name) => Array.isArray(value[name]))
  const rows = list === undefined ? undefined : value[list]
  const isPage = Array.isArray(rows) && rows.every(isRecord) && !OF_A_ROW.some((name) => name in value)
  return isPage ? rows : undefined
}

/** Of phpMyAdmin, which writes an entry for each table, and two before them. undefined: it is none of them. */
export function tableOf(value: Row): { name: string; rows: unknown[] } | undefined {
  const { type, name, data } = value
  if (OF_A_ROW.some((column) => column in value)) return undefined
  if (type === 'header' || type === 'database') return { name: type, rows: [] }
  return type === 'table' && typeof name === 'string' && Array.isArray(data) ? { name, rows: data } : undefined
}

/** A row of mongoexport without the types that it writes beside its values. */
export function plainRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]))
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => (isRecord(one) ? plainRow(one) : one))
  if (!isRecord(value)) return value
  const [[type, inner] = [], ...more] = Object.entries(value)
  if (type === undefined || more.length > 0 || !type.startsWith('$')) return value
  if (type === '$binary' && isRecord(inner)) return uuidIn(inner.base64, inner.subType) ?? value
  if (type === '$date') return plainValue(inner)
  return PLAIN.has(type) ? inner : value
}

const PLAIN = new Set(['$oid', '$numberLong', '$numberInt', '$numberDouble', '$numberDecimal', '$uuid'])

function uuidIn(base64: unknown, type: unknown): string | undefined {
  const hex = typeof base64 === 'string' && type === '04' ? Buffer.from(base64, 'base64').toString('hex') : ''
  return hex.length === 32 ? uuidOf(hex) : undefined
}
