import type { Reference, TableHead } from '../system.ts'
import type { ForeignKey } from './sql/definitions.ts'
import type { TableName } from './sql/names.ts'

/**
 * Names of columns that usually hold the id of a user: user_id, ownerId, author, created_by. What ends in them counts too
 * (`assigned_user_id`), what goes on behind them does not (`user_agent`).
 */
const NAMES =
  /(?:^|_)(?:users?|owner|author|creator|member|customer|buyer|seller|assignee|reviewer|approver|follower|followed|actor|account|profile|person|handled_by|(?:creat|updat|modifi|edit|delet|invit|upload|approv|assign|review|post|last_edit)ed_by|by_user)(?:_?id)?$/

/** Columns that point at the users: by a foreign key, or by their name alone where no key points elsewhere. */
export function referencesTo(users: TableHead, others: readonly TableHead[], keys: readonly ForeignKey[]): Reference[] {
  const byKey = keys.filter((key) => isSame(key.to, users) && !isSame(key.from, users)).flatMap(toReference)
  const hasKey = (table: TableName, column: string) =>
    keys.some((key) => isSame(key.from, table) && key.columns.includes(column))
  const byName = others.flatMap((table) =>
    table.columns
      .filter((column) => NAMES.test(snake(column)) && !hasKey(table, column))
      .map((column) => ({ schema: table.schema, table: table.name, column, constraint: null, onDelete: null })),
  )
  return [...byKey, ...byName]
}

function toReference({ from, columns, constraint, onDelete }: ForeignKey): Reference[] {
  const [column, ...more] = columns
  if (column === undefined || more.length > 0) return []
  return [{ schema: from.schema, table: from.name, column, constraint, onDelete }]
}

/** Where one of them names no schema, the name alone decides. */
function isSame(one: TableName, other: TableName): boolean {
  return one.name === other.name && (one.schema === other.schema || one.schema === null || other.schema === null)
}

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
