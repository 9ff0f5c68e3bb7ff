import { renames } from './compare-names.ts'
import { similarTable } from './compare-tables.ts'
import { type Comparison, foundTable, freeName, qualified, quoted } from './ddl.ts'
import type { Doubt, Finding, Repair } from './findings.ts'
import type { FoundForeignKey } from './inspect.ts'
import type { NeededForeignKey, NeededTable, OnDelete } from './needed.ts'

/** pg_constraint.confdeltype */
const ACTIONS: Record<OnDelete, string> = {
  'no action': 'a',
  restrict: 'r',
  cascade: 'c',
  'set null': 'n',
  'set default': 'd',
}

export function compareForeignKeys(comparison: Comparison, table: NeededTable): Finding[] {
  return table.foreignKeys
    .filter((key) => !isRenamed(comparison, key.table))
    .flatMap((key) => compareForeignKey(comparison, table, key))
}

/** Its keys go with it. Until then they seem to lead elsewhere, and their rows to nothing. */
function isRenamed(comparison: Comparison, name: string): boolean {
  const table = comparison.needed.find((needed) => needed.name === name)
  if (table === undefined || foundTable(comparison, name)) return false
  return renames(comparison, table) !== undefined || similarTable(comparison, table)?.kind === 'decision'
}

function compareForeignKey(comparison: Comparison, table: NeededTable, key: NeededForeignKey): Finding[] {
  const onColumn = (foundTable(comparison, table.name)?.foreignKeys ?? []).filter(
    ({ columns }) => columns.length === 1 && columns[0] === key.column,
  )
  const isRight = ({ schema, table: target, references }: FoundForeignKey) =>
    schema === comparison.schema && target === key.table && references.join() === key.references
  const elsewhere = onColumn.filter((existing) => !isRight(existing))
  const right = onColumn.filter(isRight)
  const works = right.some(({ onDelete, isValid }) => isValid && onDelete === ACTIONS[key.onDelete])
  // One that stops the deletion of a user does so whatever stands beside it.
  const wrong = right.filter(({ onDelete, isValid }) => !isValid || onDelete !== ACTIONS[key.onDelete])
  return [
    ...elsewhere.map((existing) => refersElsewhere(comparison, table, existing)),
    ...(works && wrong.length === 0 ? [] : [addForeignKey(comparison, table, key, wrong, works)]),
  ]
}

function refersElsewhere(comparison: Comparison, table: NeededTable, existing: FoundForeignKey): Finding {
  return {
    kind: 'decision',
    table: table.name,
    what: `${quoted(table.name)} (${existing.columns.map(quoted).join()}) refers to ${quoted(existing.schema)}.${quoted(existing.table)}`,
    sql: [`ALTER TABLE ${qualified(comparison, table.name)} DROP CONSTRAINT ${quoted(existing.name)}`],
    breaks: true,
  }
}

function addForeignKey(
  comparison: Comparison,
  table: NeededTable,
  key: NeededForeignKey,
  wrong: FoundForeignKey[],
  works: boolean,
): Repair {
  const name = qualified(comparison, table.name)
  const target = qualified(comparison, key.table)
  const constraint = quoted(wrong[0]?.name ?? freeName(comparison, key.name))
  const add = `ALTER TABLE ${name} ADD CONSTRAINT ${constraint} FOREIGN KEY (${quoted(key.column)})
    REFERENCES ${target} (${quoted(key.references)}) ON DELETE ${key.onDelete.toUpperCase()}`
  const drop = wrong.map((existing) => `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(existing.name)}`)
  const state = wrong.length === 0 ? 'is missing' : `is not ON DELETE ${key.onDelete.toUpperCase()}, or not valid`
  const isChecked = foundTable(comparison, table.name) !== undefined
  return {
    kind: 'repair',
    phase: 'foreign-key',
    table: table.name,
    what: `the foreign key of ${quoted(table.name)} (${quoted(key.column)}) to ${quoted(key.table)} ${state}`,
    sql: works ? drop : [...drop, add],
    breaks: true,
    ...(isChecked && { doubts: [noOrphans(comparison, table, key)] }),
  }
}

function noOrphans(comparison: Comparison, table: NeededTable, key: NeededForeignKey): Doubt {
  const [name, target] = [qualified(comparison, table.name), qualified(comparison, key.table)]
  const isOrphan = foundTable(comparison, key.table)
    ? `c.${quoted(key.column)} IS NOT NULL AND NOT EXISTS (SELECT FROM ${target} p WHERE p.${quoted(key.references)} = c.${quoted(key.column)})`
    : `c.${quoted(key.column)} IS NOT NULL`
  return {
    query: `SELECT FROM ${name} c WHERE ${isOrphan} LIMIT 1`,
    decision: () => ({
      what: `rows of ${quoted(table.name)} refer to a row of ${quoted(key.table)} that does not exist`,
      sql: [`DELETE FROM ${name} c WHERE ${isOrphan}`],
      breaks: true,
    }),
  }
}
