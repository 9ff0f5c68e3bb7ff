import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import type { Env } from '../../env.ts'
import { columnIn, type Names, tableIn } from '../naming/names.ts'
import { defaultInSql } from './needed-defaults.ts'
import { foreignKeyName, IMPORT_TABLE, indexName, MIGRATION_TABLE, OWN_INDEXES, OWN_KEYS } from './needed-keys.ts'

/** `id` and `reference`: text, varchar or uuid, whatever the table that was there has. */
export type ColumnKind =
  | 'id'
  | 'reference'
  | 'string'
  | 'boolean'
  | 'date'
  | 'integer'
  | 'bigint'
  | 'number'
  | 'json'
  | 'jsonb'

export type NeededColumn = {
  name: string
  /** What the code calls it. */
  field: string
  kind: ColumnKind
  isRequired: boolean
  /** An SQL expression. An id has none here: it depends on the type that is found. */
  default?: string
  /** Of AUTH_USER_FIELDS, which may change. */
  isAdded?: true
}

export type OnDelete = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
export type NeededForeignKey = { name: string; column: string; table: string; references: string; onDelete: OnDelete }

/** In the order of the key. */
export type NeededIndex = { name: string; isUnique: boolean; key: readonly string[]; isLower?: true }

export type NeededTable = {
  name: string
  /** What the code calls it. */
  model: string
  primaryKey: string
  columns: readonly NeededColumn[]
  indexes: readonly NeededIndex[]
  foreignKeys: readonly NeededForeignKey[]
}

/** Triggers, and the one function that they call: compared, dropped and made together. */
export type NeededTriggers = {
  function: string
  tables: readonly string[]
  /** On each of the tables. */
  names: readonly string[]
  /** Of each table: the columns whose every change fires its triggers. */
  columns: Readonly<Record<string, readonly string[]>>
  /** SQL that makes them all. `qualify` turns a name of this schema into SQL. */
  sql: (qualify: (name: string) => string, columns: NeededTriggers['columns']) => string
}

type NeededEnv = Pick<Env, 'names' | 'userFields'>
type Field = ReturnType<typeof getSchema>[string]['fields'][string]

/**
 * Every table this server needs: what better-auth expects with these options and plugins, and what we add to it. A
 * table comes after those it refers to. By the names of the settings.
 */
export function neededTables(options: BetterAuthOptions, { names, userFields }: NeededEnv): NeededTable[] {
  const tables = Object.entries(getSchema(options)).sort(([, a], [, b]) =>
    a.order < b.order ? -1 : Number(a.order > b.order),
  )
  const unnamed = [
    ...tables.map(([name, { fields }]) => withAdded(unnamedTable(name, Object.entries(fields)), userFields)),
    MIGRATION_TABLE,
    IMPORT_TABLE,
  ]
  return unnamed.map((table) => named(table, names))
}

/** What AUTH_USER_FIELDS says of a column, which better-auth's words for it leave out. */
function withAdded(table: UnnamedTable, userFields: Env['userFields']): UnnamedTable {
  if (table.name !== 'user') return table
  const columns = table.columns.map((column) => {
    const field = userFields.find(({ name }) => name === column.name)
    return field ? { ...column, ...addedColumn(field) } : column
  })
  return { ...table, columns }
}

function addedColumn({ type, required, default: value }: Env['userFields'][number]) {
  const kind: ColumnKind = type === 'json' ? 'jsonb' : type
  const initial = value === undefined || value === null ? undefined : defaultInSql(type, value)
  return { kind, isRequired: required, isAdded: true as const, ...(initial !== undefined && { default: initial }) }
}

type UnnamedColumn = Omit<NeededColumn, 'field'>
/** By the names of the code. */
export type UnnamedTable = Omit<NeededTable, 'model' | 'columns' | 'foreignKeys'> & {
  columns: readonly UnnamedColumn[]
  foreignKeys: readonly Omit<NeededForeignKey, 'name'>[]
}

function named({ name: model, columns, indexes, foreignKeys, ...table }: UnnamedTable, names: Names): NeededTable {
  const name = tableIn(names, model)
  const columnOf = (field: string) => columnIn(names, model, field)
  return {
    ...table,
    name,
    model,
    columns: columns.map((column) => ({ ...column, name: columnOf(column.name), field: column.name })),
    indexes: indexes.map((index) => {
      const key = index.key.map(columnOf)
      const isSame = name === model && key.join() === index.key.join()
      return { ...index, key, name: isSame ? index.name : indexName(name, { ...index, key }) }
    }),
    foreignKeys: foreignKeys.map((key) => {
      const column = columnOf(key.column)
      return { ...key, name: foreignKeyName(name, column), column, table: tableIn(names, key.table) }
    }),
  }
}

function unnamedTable(name: string, fields: [string, Field][]): UnnamedTable {
  const columns = fields.map(([column, field]) => neededColumn(column, field))
  return {
    name,
    primaryKey: 'id',
    columns: [{ name: 'id', kind: 'id', isRequired: true }, ...columns],
    indexes: [
      ...fields.flatMap(([column, field]) => fieldIndex(name, column, field)),
      ...OWN_KEYS.filter(({ table }) => table === name).map(({ index }) => index),
      ...(OWN_INDEXES[name] ?? []).map((column) => plainIndex(name, column)),
    ],
    foreignKeys: fields.flatMap(([column, { references }]) =>
      references
        ? [
            {
              column,
              table: references.model,
              references: references.field,
              onDelete: references.onDelete ?? 'cascade',
            },
          ]
        : [],
    ),
  }
}

function neededColumn(name: string, field: Field): UnnamedColumn {
  const value = defaultOf(name, field)
  return {
    name,
    kind: kindOf(field),
    isRequired: field.required !== false,
    ...(value !== undefined && { default: value }),
  }
}

function kindOf({ type, references, bigint }: Field): ColumnKind {
  if (references?.field === 'id') return 'reference'
  if (type === 'number') return bigint ? 'bigint' : 'integer'
  if (type === 'boolean' || type === 'date' || type === 'json') return type
  return type === 'string[]' || type === 'number[]' ? 'json' : 'string'
}

/** Rows that are inserted by SQL (a data migration, a seed) get what better-auth would write. */
function defaultOf(name: string, { type, defaultValue, required }: Field): string | undefined {
  if (type === 'boolean' && typeof defaultValue === 'boolean') return String(defaultValue)
  const isWritten = typeof defaultValue === 'function' || name === 'updatedAt'
  return type === 'date' && isWritten && required !== false ? 'CURRENT_TIMESTAMP' : undefined
}

function fieldIndex(table: string, column: string, { unique, index }: Field): NeededIndex[] {
  if (unique) return [{ name: `${table}_${column}_key`, isUnique: true, key: [column] }]
  return index ? [plainIndex(table, column)] : []
}

function plainIndex(table: string, column: string): NeededIndex {
  return { name: `${table}_${column}_idx`, isUnique: false, key: [column] }
}
