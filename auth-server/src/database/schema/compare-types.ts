import { alter, type Comparison, columnType, describe, foundTable, quoted } from './ddl.ts'
import type { Decision, Repair } from './findings.ts'
import type { FoundColumn } from './inspect.ts'
import type { NeededColumn, NeededTable } from './needed.ts'
import { type TypeChange, withTimeZone } from './timestamps.ts'

/** What better-auth's values need; a shorter column refuses them one day. The longest id is a UUID. */
const SHORTEST_ID = 36
const FITTING: Record<Exclude<NeededColumn['kind'], 'id' | 'reference' | 'string'>, readonly string[]> = {
  boolean: ['bool'],
  date: ['timestamptz'],
  integer: ['int4', 'int8'],
  bigint: ['int8'],
  // numeric would come as text.
  number: ['float8', 'float4', 'int8', 'int4', 'int2'],
  json: ['jsonb', 'json'],
  // A trigger compares it, and json has no such operator.
  jsonb: ['jsonb'],
}
const INTEGERS = ['int2', 'int4', 'int8']

/** A repair where nothing can be lost, a decision where it may, undefined where the type fits. */
export function compareType(
  comparison: Comparison,
  table: NeededTable,
  existing: FoundColumn,
  column: NeededColumn,
): Repair | Decision | undefined {
  if (fits(comparison, table, existing, column)) return undefined
  const change = safeChange(comparison, table, existing, column)
  const what = `${describe(table, column)} is ${existing.written}`
  if (!change) return decision(comparison, table, column, what)
  return {
    kind: 'repair',
    phase: 'column',
    table: table.name,
    what: change.note ? `${what}, ${change.note}` : what,
    sql: [changeType(comparison, table, column, change)],
    breaks: true,
  }
}

function fits(
  comparison: Comparison,
  table: NeededTable,
  { type, length }: FoundColumn,
  column: NeededColumn,
): boolean {
  const isText = type === 'text' || (type === 'varchar' && length === null)
  if (column.kind === 'string') return isText
  if (column.kind !== 'id' && column.kind !== 'reference') return FITTING[column.kind].includes(type)
  const isLongEnough = isText || (type === 'varchar' && Number(length) >= SHORTEST_ID)
  if (column.kind === 'id') return type === 'uuid' || isLongEnough
  return columnType(comparison, table, column) === 'uuid' ? type === 'uuid' : isLongEnough
}

function safeChange(
  comparison: Comparison,
  table: NeededTable,
  existing: FoundColumn,
  column: NeededColumn,
): TypeChange | undefined {
  const { type } = existing
  const name = quoted(column.name)
  if (column.kind === 'date' && type === 'timestamp') return withTimeZone(comparison, table, existing, column)
  // Counters and clocks of the rate limit.
  if (column.kind === 'bigint' && INTEGERS.includes(type)) return { type: 'bigint', using: `${name}::bigint` }
  if (column.kind === 'integer' && type === 'int2') return { type: 'integer', using: `${name}::integer` }
  if (column.kind === 'string' && (type === 'varchar' || type === 'uuid' || type.endsWith('.citext')))
    return toText(name)
  const isId = column.kind === 'id' || column.kind === 'reference'
  return isId && type === 'varchar' && columnType(comparison, table, column) === 'text' ? toText(name) : undefined
}

const toText = (name: string): TypeChange => ({ type: 'text', using: `${name}::pg_catalog.text` })

function changeType(comparison: Comparison, table: NeededTable, column: NeededColumn, change: TypeChange): string {
  const { type, using, default: value } = change
  const alterColumn = `ALTER COLUMN ${quoted(column.name)}`
  const [start] = alter(comparison, table, column).split(' ALTER COLUMN ')
  return [
    start,
    [
      ...(value === undefined ? [] : [`${alterColumn} DROP DEFAULT`]),
      `${alterColumn} TYPE ${type} USING ${using}`,
      ...(value ? [`${alterColumn} SET DEFAULT ${value}`] : []),
    ].join(', '),
  ].join(' ')
}

function decision(comparison: Comparison, table: NeededTable, column: NeededColumn, what: string): Decision {
  const type = columnType(comparison, table, column)
  const name = quoted(column.name)
  const isId = column.kind === 'id'
  const change = `${alter(comparison, table, column)} DROP DEFAULT, ALTER COLUMN ${name} TYPE ${type} USING ${name}::text::${type}`
  const expected = isId || column.kind === 'reference' ? idExpectation(comparison, table, column) : type
  const advice = isId ? ['-- first drop the foreign keys that refer to it and change their columns the same way'] : []
  return {
    kind: 'decision',
    table: table.name,
    what: `${what}, and must be ${expected}`,
    sql: [...advice, change],
    breaks: true,
  }
}

function idExpectation(comparison: Comparison, table: NeededTable, column: NeededColumn): string {
  if (column.kind === 'id') return 'text, varchar or uuid'
  const key = table.foreignKeys.find((foreignKey) => foreignKey.column === column.name)
  const target = key && foundTable(comparison, key.table)
  return `${columnType(comparison, table, column)}, as ${target ? describe(target, { name: key.references }) : 'what it refers to'}`
}
