import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import { IMPORT_TABLE, MIGRATION_TABLE, OWN_INDEXES, OWN_KEYS } from './needed-keys.ts'

/** `id` and `reference`: text, varchar or uuid, whatever the table that was there has. */
export type ColumnKind = 'id' | 'reference' | 'string' | 'boolean' | 'date' | 'integer' | 'bigint' | 'json'

export type NeededColumn = {
  name: string
  kind: ColumnKind
  isRequired: boolean
  /** An SQL expression. An id has none here: it depends on the type that is found. */
  default?: string
}

export type OnDelete = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
export type NeededForeignKey = { column: string; table: string; references: string; onDelete: OnDelete }

/** In the order of the key; `lower(email)` is an expression, everything else a column. */
export type NeededIndex = { name: string; isUnique: boolean; key: readonly string[]; expression?: string }

export type NeededTable = {
  name: string
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

type Field = ReturnType<typeof getSchema>[string]['fields'][string]

/**
 * Every table this server needs: what better-auth expects with these options and plugins, and what we add to it. A
 * table comes after those it refers to.
 */
export function neededTables(options: BetterAuthOptions): NeededTable[] {
  const tables = Object.entries(getSchema(options)).sort(([, a], [, b]) =>
    a.order < b.order ? -1 : Number(a.order > b.order),
  )
  return [
    ...tables.map(([name, { fields }]) => neededTable(name, Object.entries(fields))),
    MIGRATION_TABLE,
    IMPORT_TABLE,
  ]
}

function neededTable(name: string, fields: [string, Field][]): NeededTable {
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

function neededColumn(name: string, field: Field): NeededColumn {
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
