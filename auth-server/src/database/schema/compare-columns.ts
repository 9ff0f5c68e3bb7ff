import { renameColumn } from './compare-tables.ts'
import { compareType } from './compare-types.ts'
import { alter, type Comparison, columnDefault, columnDefinition, describe, qualified, quoted } from './ddl.ts'
import type { Doubt, Finding, Repair } from './findings.ts'
import type { FoundColumn, FoundTable } from './inspect.ts'
import type { NeededColumn, NeededTable } from './needed.ts'
import { isOtherConstant } from './needed-defaults.ts'

export function compareColumn(
  comparison: Comparison,
  table: NeededTable,
  found: FoundTable,
  column: NeededColumn,
): Finding[] {
  const existing = found.columns.find(({ name }) => name === column.name)
  if (!existing) return [addColumn(comparison, table, found, column)]
  if (existing.isGenerated || (existing.isIdentity && column.kind !== 'id')) {
    const what = `${describe(table, column)} is computed by the database, and this server writes it`
    const sql = [`${alter(comparison, table, column)} DROP EXPRESSION`]
    return [{ kind: 'decision', table: table.name, what, sql, breaks: true }]
  }
  const type = compareType(comparison, table, existing, column)
  if (type?.kind === 'decision') return [type]
  return [
    ...(type ? [type] : []),
    ...setDefault(comparison, table, existing, column),
    ...compareNullability(comparison, table, existing, column),
  ]
}

function addColumn(comparison: Comparison, table: NeededTable, found: FoundTable, column: NeededColumn): Finding {
  const name = qualified(comparison, table.name)
  const what = `${describe(table, column)} is missing`
  const rename = renameColumn(comparison, found, column.name)
  if (rename) return { kind: 'decision', table: table.name, what, sql: [rename], breaks: true }
  const definition = columnDefinition(comparison, table, column)
  const hasValue = !column.isRequired || definition.includes(' DEFAULT ')
  const doubt: Doubt = {
    query: `SELECT FROM ${name} LIMIT 1`,
    decision: () => ({
      what: `${what}, and the rows that are there need a value in it`,
      sql: [
        `ALTER TABLE ${name} ADD COLUMN ${definition.replace(' NOT NULL', '')}`,
        `UPDATE ${name} SET ${quoted(column.name)} = ${proposedValue(found, column.name)}`,
        `ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} SET NOT NULL`,
      ],
      breaks: true,
    }),
  }
  return {
    ...repair(table, what, [`ALTER TABLE ${name} ADD COLUMN ${definition}`], true),
    ...(hasValue ? {} : { doubts: [doubt] }),
  }
}

function setDefault(comparison: Comparison, table: NeededTable, existing: FoundColumn, column: NeededColumn): Repair[] {
  const value = columnDefault(column, existing.type)
  const alterColumn = alter(comparison, table, column)
  if (column.isAdded && existing.default !== null) {
    if (!isOtherConstant(existing.default, value)) return []
    const what = `${describe(table, column)} has another default than AUTH_USER_FIELDS`
    return [
      repair(table, what, [`${alterColumn} ${value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`], false),
    ]
  }
  if (value === undefined || existing.default !== null || existing.isIdentity) return []
  return [repair(table, `${describe(table, column)} has no default`, [`${alterColumn} SET DEFAULT ${value}`], false)]
}

function compareNullability(
  comparison: Comparison,
  table: NeededTable,
  existing: FoundColumn,
  column: NeededColumn,
): Repair[] {
  const alterColumn = alter(comparison, table, column)
  if (column.isRequired === !existing.isNullable) return []
  if (!column.isRequired) {
    if (existing.default !== null && !column.isAdded) return []
    const what = `${describe(table, column)} is NOT NULL, and this server ${column.isAdded ? 'may have no value for it' : 'leaves it out'}`
    return [repair(table, what, [`${alterColumn} DROP NOT NULL`], true)]
  }
  const what = `${describe(table, column)} may be NULL`
  const fill = `UPDATE ${qualified(comparison, table.name)} SET ${quoted(column.name)} = ${column.default}
    WHERE ${quoted(column.name)} IS NULL`
  if (column.default !== undefined) return [repair(table, what, [fill, `${alterColumn} SET NOT NULL`], false)]
  return [
    { ...repair(table, what, [`${alterColumn} SET NOT NULL`], false), doubts: [noNulls(comparison, table, column)] },
  ]
}

function noNulls(comparison: Comparison, table: NeededTable, column: NeededColumn): Doubt {
  const name = qualified(comparison, table.name)
  return {
    query: `SELECT FROM ${name} WHERE ${quoted(column.name)} IS NULL LIMIT 1`,
    decision: () => ({
      what: `${describe(table, column)} is NULL in some rows`,
      sql: [`SELECT * FROM ${name} WHERE ${quoted(column.name)} IS NULL -- give each a value, or delete it`],
      breaks: false,
    }),
  }
}

/** Columns of the application's own: kept, but every INSERT of better-auth's leaves them out. */
export function foreignColumns(comparison: Comparison, table: NeededTable, found: FoundTable): Finding[] {
  return found.columns
    .filter((column) => !table.columns.some(({ name }) => name === column.name))
    .filter((column) => !column.isNullable && column.default === null && !column.isIdentity && !column.isGenerated)
    .map((column) => {
      const alterColumn = `ALTER TABLE ${qualified(comparison, table.name)} ALTER COLUMN ${quoted(column.name)}`
      const what = `${describe(table, column)} is not this server's, NOT NULL, and has no default: no row could be added`
      const sql = [`${alterColumn} DROP NOT NULL -- or SET DEFAULT …`]
      return { kind: 'decision', table: table.name, what, sql, breaks: true }
    })
}

/** Only a proposal: the operator knows what their columns mean. */
function proposedValue(found: FoundTable, column: string): string {
  const has = (name: string) => found.columns.some((existing) => existing.name === name)
  if (column === 'name' && has('username')) return quoted('username')
  if (column === 'name' && has('email')) return `split_part(${quoted('email')}, '@', 1)`
  return '…'
}

const repair = (table: NeededTable, what: string, sql: string[], breaks: boolean): Repair => ({
  kind: 'repair',
  phase: 'column',
  table: table.name,
  what,
  sql,
  breaks,
})
