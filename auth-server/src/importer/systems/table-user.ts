import type { Maker } from '../../passwords/recognise-digest.ts'
import type { Reason } from '../reasons.ts'
import type { Row, Settings, SourceUser } from '../system.ts'
import type { Field } from './fields.ts'
import type { Reading } from './mapping.ts'
import { passwordOf } from './password.ts'
import { accountsOf } from './providers.ts'
import { happened, isAdminRole, textOf, timeOf, truthOf } from './values.ts'
import { fromZone } from './zone.ts'

type Given = {
  row: Row
  reading: Reading
  accounts: readonly { provider: unknown; id: unknown }[]
  maker: Maker
  settings: Settings
}

/** One row of a table of users. */
export function tableUser({ row, reading, accounts, maker, settings }: Given): SourceUser {
  const value = (field: Field) => fieldOf(row, reading, field)
  const has = (field: Field) => field in reading.columns || field in reading.constants
  const { password, remarks } = passwordOf(value('password'), reading.hashes ?? maker, settings, isSalted(row))
  const own = has('provider') && has('providerUser') ? [{ provider: value('provider'), id: value('providerUser') }] : []
  const linked = accountsOf([...accounts, ...own])
  const until = timeOf(value('bannedUntil'))
  const status = String(value('status') ?? '').toLowerCase()
  return {
    oldId: textOf(value('id')) ?? '',
    email: textOf(value('email')),
    name: nameOf(value, has),
    image: textOf(value('image')),
    emailVerified: has('verified') ? happened(value('verified')) : null,
    createdAt: createdOf(value('createdAt'), reading),
    isAdmin: isAdminOf(value('admin'), reading.columns.admin ?? ''),
    banned: truthOf(value('active')) === false || happened(value('banned')) || isFuture(until) || OUT.has(status),
    banExpires: isFuture(until) ? until : null,
    password,
    accounts: linked.accounts,
    skip: skipOf(value, status),
    remarks: [...remarks, ...linked.remarks, ...lostOf(value)],
  }
}

/** The salt stands beside the hash: how they were put together only the old system knows. */
const isSalted = (row: Row) =>
  Object.keys(row).some(
    (column) => /salt/i.test(column) && textOf(row[column]) !== null && truthOf(row[column]) !== false,
  )

/** `role` 1 is the number of some role, `is_admin` 1 is yes. */
function isAdminOf(value: unknown, column: string): boolean {
  const truth = /role/i.test(column) ? null : truthOf(value)
  return truth ?? isAdminRole(value)
}

const OUT = new Set(['banned', 'blocked', 'suspended', 'disabled', 'inactive', 'deactivated', 'locked'])

function fieldOf(row: Row, { columns, words, constants }: Reading, field: Field): unknown {
  if (field in constants) return constants[field]
  const column = columns[field]
  const value = column === undefined ? undefined : row[column]
  const own = words[field]
  if (own === undefined || (own.true === undefined && own.false === undefined)) return value
  const text = String(value ?? '').trim()
  if (own.true?.includes(text)) return true
  if (own.false?.includes(text)) return false
  // What is named nowhere is the opposite of what is.
  return own.true === undefined
}

/** `google_id`, `githubId`: the column names the provider. */
const PROVIDER_COLUMN =
  /^(google|github|facebook|apple|twitter|microsoft|linkedin|gitlab|discord)_?(?:id|sub|uid|user_?id)$/i

export function namedAccounts(row: Row): { provider: string; id: unknown }[] {
  return Object.keys(row).flatMap((column) => {
    const provider = PROVIDER_COLUMN.exec(column)?.[1]
    return provider === undefined || textOf(row[column]) === null ? [] : [{ provider, id: row[column] }]
  })
}

/** A user name is a name only where there is no column for one. */
function nameOf(value: (field: Field) => unknown, has: (field: Field) => boolean): string | null {
  const parts = [value('firstName'), value('lastName')].map(textOf).filter((part) => part !== null)
  const name = textOf(value('name')) ?? (parts.length > 0 ? parts.join(' ') : null)
  if (name !== null || has('name') || has('firstName') || has('lastName')) return name
  return textOf(value('username'))
}

function createdOf(value: unknown, { words }: Reading): Date | null {
  const date = timeOf(value)
  const zone = words.createdAt?.timeZone
  return date && zone !== undefined ? fromZone(date, zone) : date
}

function skipOf(value: (field: Field) => unknown, status: string): Reason | null {
  if (happened(value('deleted')) || status === 'deleted') return 'deleted'
  return truthOf(value('anonymous')) === true ? 'anonymous' : null
}

function lostOf(value: (field: Field) => unknown): Reason[] {
  const secondFactor = value('secondFactor')
  return [
    ...(textOf(value('phone')) === null ? [] : (['phone-lost'] as const)),
    ...((truthOf(secondFactor) ?? textOf(secondFactor) !== null) ? (['totp-lost'] as const) : []),
    ...(isFuture(timeOf(value('lockedUntil'))) ? (['locked-there'] as const) : []),
  ]
}

const isFuture = (date: Date | null) => date !== null && date.getTime() > Date.now()
