import { columnsOf, type Names } from './database/naming/names.ts'
import { MIGRATION_TABLE, TABLES } from './database/naming/tables.ts'

type Settings = { AUTH_TABLE_NAMES?: string | undefined; AUTH_COLUMN_NAMES?: string | undefined }

/** The names that the settings ask for; or what of them cannot be used. `fields`: columns of "user" besides. */
export function namesOf(
  settings: Settings,
  fields: readonly { name: string }[] = [],
): { value: Names; errors: string[] } {
  const added = fields.map(({ name }) => name)
  const tables = tableNames(entriesOf(settings.AUTH_TABLE_NAMES))
  const columns = columnNames(entriesOf(settings.AUTH_COLUMN_NAMES), { added })
  const value: Names = {
    tables: differing(tables.names),
    columns: Object.fromEntries(
      Object.entries(columns.names).flatMap(([table, names]) => {
        const changed = differing(names)
        return Object.keys(changed).length === 0 ? [] : [[table, changed]]
      }),
    ),
    added,
    setting: settingOf(settings),
  }
  const isLong = value.setting.length > MAX_SETTING
  const length = isLong ? [`AUTH_TABLE_NAMES and AUTH_COLUMN_NAMES may have ${MAX_SETTING} characters together`] : []
  return { value, errors: [...length, ...tables.errors, ...columns.errors] }
}

/** It is a key in auth_migration. */
const MAX_SETTING = 2000

function settingOf({ AUTH_TABLE_NAMES, AUTH_COLUMN_NAMES }: Settings): string {
  const [tables, columns] = [entriesOf(AUTH_TABLE_NAMES).join(), entriesOf(AUTH_COLUMN_NAMES).join()]
  return tables + columns === '' ? '' : `${tables};${columns}`
}

/** What a migration has recorded. Of another version it may name what this one does not know: that is left out. */
export function namesOfSetting(setting: string, added: readonly string[]): Names {
  const [AUTH_TABLE_NAMES, AUTH_COLUMN_NAMES] = setting.split(';')
  const fields = added.map((name) => ({ name }))
  return namesOf({ AUTH_TABLE_NAMES, AUTH_COLUMN_NAMES }, fields).value
}

const entriesOf = (setting = '') =>
  setting
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

type Renamed<Name> = { names: Record<string, Name>; errors: string[] }

const PREFIX = /^([A-Za-z_][A-Za-z0-9_]*)\*$/
const PAIR = /^([^=]+)=([^=]+)$/

function tableNames(entries: readonly string[]): Renamed<string> {
  const setting = 'AUTH_TABLE_NAMES'
  const errors: string[] = []
  const pairs = new Map<string, string>()
  const rules: string[] = []
  for (const entry of entries) {
    const [, table, name] = (PAIR.exec(entry) ?? []).map((part) => part.trim())
    if (table !== undefined && name !== undefined) pairs.set(table, name)
    else if (entry === 'plural' || entry === 'snake_case' || PREFIX.test(entry)) rules.push(entry)
    else errors.push(`${setting} has ${shown(entry)}: write plural, snake_case, a prefix as in auth_*, or table=name`)
  }
  const prefix = rules.map((rule) => PREFIX.exec(rule)?.[1] ?? '').join('')
  const names: Record<string, string> = {}
  for (const table of Object.keys(TABLES)) {
    const cased = rules.includes('snake_case') ? snakeCase(table) : table
    names[table] = pairs.get(table) ?? `${prefix}${rules.includes('plural') ? plural(cased) : cased}`
  }
  const unknown = [...pairs.keys()].filter((table) => !Object.hasOwn(TABLES, table))
  errors.push(
    ...twice(entries).map((error) => `${setting} ${error}`),
    ...unknown.map((table) => `${setting} has ${shown(table)}, which is none of ${Object.keys(TABLES).join(', ')}`),
    ...clashes(names, 'table').map((error) => `${setting} ${error}`),
  )
  if (Object.values(names).includes(MIGRATION_TABLE)) errors.push(`${setting} may not use the name ${MIGRATION_TABLE}`)
  return { names, errors }
}

function columnNames(entries: readonly string[], names: Pick<Names, 'added'>): Renamed<Record<string, string>> {
  const setting = 'AUTH_COLUMN_NAMES'
  const errors: string[] = []
  const pairs = new Map<string, string>()
  for (const entry of entries) {
    const [, column, name] = (PAIR.exec(entry) ?? []).map((part) => part.trim())
    if (column !== undefined && name !== undefined) pairs.set(column, name)
    else if (entry !== 'snake_case')
      errors.push(`${setting} has ${shown(entry)}: write snake_case, or table.column=name`)
  }
  const isSnake = entries.includes('snake_case')
  const renamed: Record<string, Record<string, string>> = {}
  const known = new Set<string>()
  for (const table of Object.keys(TABLES)) {
    const own: Record<string, string> = {}
    for (const column of columnsOf(names, table)) {
      known.add(`${table}.${column}`)
      own[column] = pairs.get(`${table}.${column}`) ?? (isSnake ? snakeCase(column) : column)
    }
    renamed[table] = own
    errors.push(...clashes({ id: 'id', ...own }, `column of ${table}`).map((error) => `${setting} ${error}`))
    for (const [column, name] of Object.entries(own)) {
      if (isSystemColumn(name) && name !== column)
        errors.push(`${setting} has ${shown(name)} for ${table}.${column}, which PostgreSQL has in every table`)
    }
  }
  errors.push(...[...twice(entries), ...borrowed(renamed), ...shared(renamed)].map((error) => `${setting} ${error}`))
  for (const column of pairs.keys()) {
    if (known.has(column)) continue
    const why = column.endsWith('.id')
      ? 'cannot be renamed: a primary key is called id'
      : 'is no table.column of this server'
    errors.push(`${setting} has ${shown(column)}, which ${why}`)
  }
  return { names: renamed, errors }
}

/** PostgreSQL cuts longer names off in silence. */
const MAX_LENGTH = 63
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

export const isIdentifier = (name: string) => IDENTIFIER.test(name) && name.length <= MAX_LENGTH

/** PostgreSQL has a column of this name in every table. */
export const isSystemColumn = (name: string) => ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'].includes(name)

/** Of two names for one thing, one is a mistake. */
function twice(entries: readonly string[]): string[] {
  const keys = entries.flatMap((entry) => PAIR.exec(entry)?.[1]?.trim() ?? [])
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) < at))].map((key) => `has two names for ${shown(key)}`)
}

/**
 * What cannot be used. A name that another table or column has by default is refused too: a statement is then never read in two
 * ways, and one that is rendered stays as it is when it is rendered again.
 */
function clashes(names: Record<string, string>, what: string): string[] {
  return Object.entries(names).flatMap(([own, name]) => {
    if (own === name) return []
    if (!isIdentifier(name)) {
      return [`has ${shown(name)} as a name: letters, digits and _ only, no digit first, at most ${MAX_LENGTH}`]
    }
    if (name in {}) return [`has ${shown(name)} for ${own}, which is reserved`]
    const other = Object.keys(names).find((one) => one !== own && (names[one] === name || one === name))
    return other === undefined ? [] : [`has ${shown(name)} for ${own}, which is the name of the ${what} ${other}`]
  })
}

/** Of two tables in one statement, a column of that name would be read as the other one's. */
function borrowed(renamed: Record<string, Record<string, string>>): string[] {
  const all = Object.values(renamed).flatMap((columns) => Object.keys(columns))
  return Object.entries(renamed).flatMap(([table, columns]) =>
    Object.entries(columns)
      .filter(([own, name]) => own !== name && !(name in columns) && (all.includes(name) || name === 'id'))
      .map(([own, name]) => `has ${shown(name)} for ${table}.${own}, which is what this server calls something else`),
  )
}

/** A row of two tables says of a column its name alone: one name for two columns would be read as the wrong one. */
function shared(renamed: Record<string, Record<string, string>>): string[] {
  const first = new Map<string, { table: string; own: string }>()
  return Object.entries(renamed).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([own, name]) => {
      if (own === name) return []
      const other = first.get(name) ?? { table, own }
      first.set(name, other)
      if (other.own === own || other.table === table) return []
      return [`has ${shown(name)} for ${table}.${own}, which is the name of ${other.table}.${other.own}`]
    }),
  )
}

const shown = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)

function differing(names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).filter(([own, name]) => own !== name))
}

const snakeCase = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
const plural = (name: string) => (/(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`)
