import { columnIn, type Names, tableIn } from '../naming/names.ts'
import { type Comparison, foundTable, qualified, quoted } from './ddl.ts'
import type { Decision } from './findings.ts'
import type { FoundTable } from './inspect.ts'
import type { NeededTable } from './needed.ts'
import { foreignKeyName, indexName, primaryKeyName } from './needed-keys.ts'

/**
 * The settings call tables or columns something else than before. They are not renamed here: servers that still run with the former
 * names would fail at once, and views and applications may use those too.
 */
export function renames(comparison: Comparison, table: NeededTable): Decision | undefined {
  for (const former of comparison.formerNames) {
    const decision = renameFrom(comparison, table, former)
    if (decision) return decision
  }
  return undefined
}

function renameFrom(comparison: Comparison, table: NeededTable, former: Names): Decision | undefined {
  const formerName = tableIn(former, table.model)
  const existing = foundTable(comparison, table.name)
  const found = existing ?? foundTable(comparison, formerName)
  if (found?.kind !== 'r' || (!existing && !isWhole(found, table, former))) return undefined
  const columns = table.columns.flatMap(({ name, field }) => {
    const old = columnIn(former, table.model, field)
    return old !== name && has(found, old) && !has(found, name) ? [{ old, name }] : []
  })
  if (existing && columns.length === 0) return undefined
  const start = `ALTER TABLE ${qualified(comparison, table.name)}`
  const subjects = existing ? columns.map(({ old }) => quoted(old)).join(', ') : 'a table'
  return {
    kind: 'decision',
    table: table.name,
    what: existing
      ? `${quoted(table.name)} has ${subjects} by the names of earlier settings, AUTH_COLUMN_NAMES says otherwise`
      : `${quoted(formerName)} is the table that AUTH_TABLE_NAMES now calls ${quoted(table.name)}: nothing is renamed without you`,
    sql: [
      ...(existing ? [] : [`ALTER TABLE ${qualified(comparison, formerName)} RENAME TO ${quoted(table.name)}`]),
      ...columns.map(({ old, name }) => `${start} RENAME COLUMN ${quoted(old)} TO ${quoted(name)}`),
      ...renamedKeys(comparison, { table, found, former }),
    ],
    breaks: true,
  }
}

type Renamed = { table: NeededTable; found: FoundTable; former: Names }

/** Keys and indexes that are called after their table and columns: ORMs compare those names. Others are somebody's own. */
function renamedKeys(comparison: Comparison, { table, found, former }: Renamed): string[] {
  const formerName = tableIn(former, table.model)
  const formerColumn = (column: string) => {
    const field = table.columns.find(({ name }) => name === column)?.field ?? column
    return columnIn(former, table.model, field)
  }
  const keys = [
    { old: primaryKeyName(formerName), name: primaryKeyName(table.name) },
    ...table.indexes.map((index) => ({
      old: indexName(formerName, { ...index, key: index.key.map(formerColumn) }),
      name: index.name,
    })),
    ...table.foreignKeys.map(({ name, column }) => ({ old: foreignKeyName(formerName, formerColumn(column)), name })),
  ]
  const constraints = [
    ...found.foreignKeys.map((key) => key.name),
    ...found.indexes.map(({ constraint }) => constraint),
  ]
  return keys.flatMap(({ old, name }) => {
    if (old === name) return []
    if (constraints.includes(old)) {
      return [`ALTER TABLE ${qualified(comparison, table.name)} RENAME CONSTRAINT ${quoted(old)} TO ${quoted(name)}`]
    }
    if (!found.indexes.some((index) => index.name === old)) return []
    return [`ALTER INDEX ${qualified(comparison, old)} RENAME TO ${quoted(name)}`]
  })
}

/** With better-auth's columns; anything else of that name is another application's. */
function isWhole(found: FoundTable, { model, columns }: NeededTable, former: Names): boolean {
  return columns.every(({ field, isRequired }) => !isRequired || has(found, columnIn(former, model, field)))
}

const has = ({ columns }: FoundTable, name: string) => columns.some((column) => column.name === name)
