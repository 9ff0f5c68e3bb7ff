import { compareColumn, foreignColumns } from './compare-columns.ts'
import { compareForeignKeys } from './compare-foreign-keys.ts'
import { compareIndexes } from './compare-indexes.ts'
import { renames } from './compare-names.ts'
import { compareTable, createTable, isOfAnotherApplication, similarTable } from './compare-tables.ts'
import { compareTriggers } from './compare-triggers.ts'
import { type Comparison, foundTable, quoted } from './ddl.ts'
import { type Finding, PHASES } from './findings.ts'
import type { NeededTable } from './needed.ts'

/** Everything that differs, from the catalogs alone. The rows are looked at by resolve.ts, before anything is done. */
export function compare(comparison: Comparison): Finding[] {
  const { found, schema } = comparison
  if (!found.mayCreate && comparison.needed.some(({ name }) => !foundTable(comparison, name))) {
    return [notAllowed(comparison)]
  }
  const tables = comparison.needed.flatMap((table) => compareOne(comparison, table))
  const findings = [
    ...(found.schemaExists ? [] : [createSchema(schema)]),
    ...tables,
    ...compareTriggers(comparison, tables),
  ]
  return findings.sort((a, b) => order(a) - order(b))
}

function compareOne(comparison: Comparison, table: NeededTable): Finding[] {
  const renamed = renames(comparison, table)
  if (renamed) return [renamed]
  const found = foundTable(comparison, table.name)
  if (!found) {
    const similar = similarTable(comparison, table)
    if (similar?.kind === 'decision') return [similar]
    return [...(similar ? [similar] : []), createTable(comparison, table), ...keysOf(comparison, table)]
  }
  const obstacles = compareTable(comparison, found)
  if (obstacles.length > 0) return obstacles
  const foreign = isOfAnotherApplication(comparison, table, found)
  if (foreign) return [foreign]
  return [
    ...table.columns.flatMap((column) => compareColumn(comparison, table, found, column)),
    ...foreignColumns(comparison, table, found),
    ...keysOf(comparison, table),
  ]
}

function keysOf(comparison: Comparison, table: NeededTable): Finding[] {
  return [...compareIndexes(comparison, table), ...compareForeignKeys(comparison, table)]
}

const order = (finding: Finding) => (finding.kind === 'repair' ? PHASES.indexOf(finding.phase) : -1)

function createSchema(schema: string): Finding {
  const sql = [`CREATE SCHEMA ${quoted(schema)}`]
  return { kind: 'repair', phase: 'schema', table: '', what: `schema ${quoted(schema)} is missing`, sql, breaks: true }
}

function notAllowed({ found, schema }: Comparison): Finding {
  return {
    kind: 'decision',
    table: '',
    what: `the role ${quoted(found.role)} may not create tables in schema ${quoted(schema)}`,
    sql: [`GRANT USAGE, CREATE ON SCHEMA ${quoted(schema)} TO ${quoted(found.role)}`],
    breaks: true,
  }
}
