import type { Maker } from '../../passwords/recognise-digest.ts'
import { ExportError } from '../export-error.ts'
import type { Row, Settings, SourceUser, System, TableHead, TableRole, Takes } from '../system.ts'
import { type Field, type Preferred, plain } from './fields.ts'
import { mappingProblems, type Reading, readingOf } from './mapping.ts'
import { namedAccounts, tableUser } from './table-user.ts'

type Attached = Readonly<Record<string, readonly Row[]>>

/** A system that keeps its users in a table, one row each. */
export type TableSystem = {
  name: string
  aliases?: readonly string[]
  title: string
  exports?: string
  maker: Maker
  takes?: readonly Takes[]
  preferred?: Preferred
  /** What makes a table that of the users, besides an id and an address. Plain names of columns, all of them. */
  marks?: readonly string[]
  /** Fields whose columns it must have. */
  needs?: readonly Field[]
  /** Another table that is read. */
  attached?: (table: TableHead) => TableRole | null
  /** Whether it keeps sign-ins in columns such as `google_id`. Elsewhere users may have written what they like into them. */
  hasProviderColumns?: boolean
  /** Sign-ins that stand in the row itself, as documents have them. */
  embedded?: (row: Row) => readonly Row[]
  refine?: (user: SourceUser, row: Row, attached: Attached, context: Parameters<System['user']>[2]) => SourceUser
  problems?: (settings: Settings) => string[]
}

const SQL_EXPORTS = 'a dump in SQL, CSV, JSON, or postgres://…'
const MAX_READINGS = 200

export function tableSystem(spec: TableSystem): System {
  const { name, title, preferred = {}, marks = [], needs = ['password'] } = spec
  const readings = new Map<string, Reading>()

  /** Columns are chosen once, in the order that the table has them: jsonb keeps none. */
  function remembered(columns: readonly string[], mapping: string | undefined): Reading & { missing?: string[] } {
    const key = JSON.stringify([mapping, ...columns.toSorted()])
    const known = readings.get(key)
    if (known !== undefined) return known
    if (readings.size >= MAX_READINGS) readings.clear()
    const reading = readingOf(columns, mapping, preferred)
    readings.set(key, reading)
    return reading
  }

  function isUsers(table: TableHead, { table: wanted, mapping }: Settings): boolean {
    if (wanted !== undefined && !isNamed(table, wanted)) return false
    const { columns, missing = [] } = remembered(table.columns, mapping)
    if (missing.length > 0 && (wanted !== undefined || table.schema === null)) throw noColumns(table, missing)
    if (missing.length > 0 || columns.id === undefined || columns.email === undefined) return false
    if (wanted !== undefined) return true
    const names = new Set(table.columns.map(plain))
    return (
      marks.every((mark) => names.has(mark)) &&
      needs.every((field) => columns[field] !== undefined || mapping !== undefined)
    )
  }

  function role(table: TableHead, settings: Settings): TableRole | null {
    if (isUsers(table, settings)) {
      const { id = '' } = remembered(table.columns, settings.mapping).columns
      return { kind: 'users', id: (row) => keyOf(row[id]) }
    }
    return spec.attached?.(table) ?? accountsRole(table)
  }

  return {
    name,
    title,
    ...(spec.aliases && { aliases: spec.aliases }),
    exports: spec.exports ?? SQL_EXPORTS,
    takes: ['table', 'mapping', ...(spec.takes ?? [])],
    role,
    user: (row, attached, context) => {
      const { settings } = context
      const reading = remembered(context.columns, settings.mapping)
      const accounts = [...(attached.accounts ?? []), ...(spec.embedded?.(row) ?? [])].map(accountOf)
      const named = spec.hasProviderColumns ? namedAccounts(row) : []
      const user = tableUser({ row, reading, accounts: [...accounts, ...named], maker: spec.maker, settings })
      return spec.refine?.(user, row, attached, context) ?? user
    },
    problems: (settings) => [...mappingProblems(settings.mapping), ...(spec.problems?.(settings) ?? [])],
  }
}

/** A number of JSON is one that a double holds: see reading/json.ts. */
export function idOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : null
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** By which rows find each other: a UUID is the same one in capitals, which some columns of text have. */
export function keyOf(value: unknown): string | null {
  const id = idOf(value)
  return id !== null && UUID.test(id) ? id.toLowerCase() : id
}

/** As the operator writes it: `users`, `app.users`, `"User"`. */
export function isNamed({ schema, name }: Pick<TableHead, 'schema' | 'name'>, wanted: string): boolean {
  const bare = wanted.replaceAll('"', '').toLowerCase()
  return [name, ...(schema === null ? [] : [`${schema}.${name}`])].some((label) => label.toLowerCase() === bare)
}

function noColumns(table: TableHead, missing: readonly string[]): ExportError {
  return new ExportError(
    `--mapping names ${missing.join(', ')}, which ${table.name} has not: its columns are ${table.columns.join(', ')}`,
  )
}

const PROVIDER = ['provider', 'oauthname', 'providername', 'oauthprovider', 'identityprovider', 'providertype']
/** Their names say that it is an account at a provider. */
const CLEAR_PROVIDER = ['oauthname', 'oauthprovider', 'identityprovider']
const CLEAR_USER = ['provideruserid', 'provideraccountid', 'oauthid', 'federateduserid']
const PROVIDER_USER = [...CLEAR_USER, 'uid', 'providerid', 'accountid', 'sub', 'subject', 'externalid']
/** Of other columns only the name of the table says it: mails have a provider and a subject, too. */
const SIGN_INS = /account|identit|oauth|openid|social|auth(?!or(?!i[sz]))|login|sign_?in/i
const NO_SIGN_INS =
  /mail|calend|bank|pay|bill|invoic|wallet|storage|subscri|attempt|event|histor|audit|(?:^|[_.])logs?$|_logs?(?:_|$)/i
const OWNER = ['userid', 'user', 'memberid', 'personid', 'customerid', 'profileid', 'ownerid']

/** Sign-ins at providers, as every system keeps them: provider, the id there, and whose it is. */
function accountsRole({ name, columns }: TableHead): TableRole | null {
  const find = (wanted: readonly string[]) =>
    columns.find((column) => plain(column) === wanted.find((name) => columns.some((other) => plain(other) === name)))
  const owner = find(OWNER)
  const names = new Set(columns.map(plain))
  if (owner === undefined || (find(PROVIDER) === undefined && !names.has('providerid'))) return null
  if (find(isNumbered(names) ? CLEAR_USER : PROVIDER_USER) === undefined) return null
  const isClear = find(CLEAR_PROVIDER) !== undefined || find(CLEAR_USER) !== undefined
  if (!isClear && (!SIGN_INS.test(name) || NO_SIGN_INS.test(name))) return null
  return { kind: 'accounts', userId: (row) => keyOf(row[owner]) }
}

/** `provider_id` is the provider, beside another column for the id there: NextAuth 3, Lucia. */
const isNumbered = (names: { has: (name: string) => boolean }) =>
  names.has('providerid') &&
  !names.has('provider') &&
  ['provideraccountid', 'provideruserid'].some((name) => names.has(name))

function accountOf(row: Row): { provider: unknown; id: unknown } {
  const entries = new Map(Object.entries(row).map(([column, value]) => [plain(column), value]))
  const first = (names: readonly string[]) => entries.get(names.find((name) => entries.has(name)) ?? '')
  if (isNumbered(entries)) return { provider: entries.get('providerid'), id: first(CLEAR_USER) }
  return { provider: first(PROVIDER), id: first(PROVIDER_USER) }
}
