import { escapeIdentifier, escapeLiteral } from 'pg'
import type { Names } from '../naming/names.ts'
import type { Found, FoundTable } from './inspect.ts'
import type { NeededColumn, NeededTable, NeededTriggers } from './needed.ts'

/** What is compared: one database, against one version of this server with its options. */
export type Comparison = {
  schema: string
  names: Names
  /** What tables and columns were called before: where they still are, they are to be renamed. */
  formerNames: readonly Names[]
  needed: readonly NeededTable[]
  triggers: NeededTriggers
  found: Found
  /** As SQL: the zones besides UTC in which a time without a zone may have been written. See timestamps.ts. */
  timeZones: readonly string[]
}

export const quoted = escapeIdentifier
export const literal = escapeLiteral
export const columnList = (columns: readonly string[]) => columns.map(quoted).join(', ')

export function qualified({ schema }: Pick<Comparison, 'schema'>, table: string): string {
  return `${quoted(schema)}.${quoted(table)}`
}

export function foundTable({ found }: Comparison, name: string): FoundTable | undefined {
  return found.tables.find((table) => table.name === name)
}

const TYPES = {
  string: 'text',
  boolean: 'boolean',
  date: 'timestamptz',
  integer: 'integer',
  bigint: 'bigint',
  number: 'double precision',
  json: 'jsonb',
  jsonb: 'jsonb',
} as const

/** A reference has the type of what it refers to, so that a table that was dropped fits those that are left. */
export function columnType(comparison: Comparison, table: NeededTable, column: NeededColumn): string {
  if (column.kind === 'id') return 'text'
  if (column.kind !== 'reference') return TYPES[column.kind]
  const key = table.foreignKeys.find((foreignKey) => foreignKey.column === column.name)
  const target = key && foundTable(comparison, key.table)?.columns.find(({ name }) => name === key.references)
  return target?.type === 'uuid' ? 'uuid' : 'text'
}

/** SQL for the default, or undefined. Ids have one for rows that are inserted by SQL; better-auth makes its own. */
export function columnDefault({ kind, default: value }: NeededColumn, type: string): string | undefined {
  if (kind !== 'id') return value
  return type === 'uuid' ? 'pg_catalog.gen_random_uuid()' : '(pg_catalog.gen_random_uuid())::pg_catalog.text'
}

export function columnDefinition(comparison: Comparison, table: NeededTable, column: NeededColumn): string {
  const type = columnType(comparison, table, column)
  const value = columnDefault(column, type)
  return [
    quoted(column.name),
    type,
    ...(column.isRequired ? ['NOT NULL'] : []),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
  ].join(' ')
}

/** Names of indexes are shared by the whole schema, names of constraints by the table: both are kept free. */
export function freeName({ found }: Comparison, wanted: string): string {
  for (let number = 0; ; number++) {
    const name = number === 0 ? wanted : `${wanted}_${number}`
    const isTaken =
      found.relations.includes(name) ||
      found.tables.some(({ foreignKeys, indexes }) =>
        [...foreignKeys.map((key) => key.name), ...indexes.map(({ constraint }) => constraint)].includes(name),
      )
    if (!isTaken) return name
  }
}

export const describe = (table: { name: string }, column: { name: string }) =>
  `${quoted(table.name)}.${quoted(column.name)}`

export function alter(comparison: Comparison, table: { name: string }, column: { name: string }): string {
  return `ALTER TABLE ${qualified(comparison, table.name)} ALTER COLUMN ${quoted(column.name)}`
}
