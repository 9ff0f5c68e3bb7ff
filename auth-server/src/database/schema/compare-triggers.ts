import { createHash } from 'node:crypto'
import { type Comparison, foundTable, literal, qualified, quoted } from './ddl.ts'
import type { Finding } from './findings.ts'
import type { FoundTrigger } from './inspect.ts'
import type { NeededTriggers } from './needed.ts'

/**
 * The triggers as this version writes them. All are made again where one differs, or where a column changes: PostgreSQL
 * refuses to change the type of a column that a trigger reads.
 */
export function compareTriggers(comparison: Comparison, others: readonly Finding[]): Finding[] {
  const { triggers, found } = comparison
  const isOurs = ({ table }: Finding) => triggers.tables.includes(table)
  // No triggers on what is a view or another application's.
  if (others.some((finding) => finding.kind === 'decision' && isOurs(finding))) return []
  const wrong = triggers.tables.flatMap((table) =>
    triggers.names.filter((name) => !isRight(comparison, table, name)).map((name) => `${name} on ${quoted(table)}`),
  )
  const unheard = triggers.tables.flatMap((table) =>
    missingColumns(comparison, table).map((column) => `${quoted(table)}.${quoted(column)}`),
  )
  const problems = [
    ...(wrong.length > 0 ? [`triggers are missing, disabled or different: ${wrong.join(', ')}`] : []),
    ...(wrong.length === 0 && unheard.length > 0 ? [`triggers do not announce changes of ${unheard.join(', ')}`] : []),
    ...(found.functionBody === functionBody(triggers) ? [] : ['the function of the triggers differs']),
  ]
  const changesColumn = others.some(
    (finding) => finding.kind === 'repair' && finding.phase === 'column' && isOurs(finding),
  )
  if (problems.length === 0 && !changesColumn) return []
  const repair = { kind: 'repair', table: triggers.tables[0] ?? '' } as const
  const [what, breaks] = [problems.join('; '), problems.length > 0]
  return [
    { ...repair, phase: 'drop-triggers', what: '', sql: dropTriggers(comparison), breaks: false },
    { ...repair, phase: 'trigger', what, sql: createTriggers(comparison), breaks },
  ]
}

function isRight(comparison: Comparison, table: string, name: string): boolean {
  const { triggers, schema } = comparison
  const trigger = findTrigger(comparison, table, name)
  return (
    trigger?.isAlways === true &&
    trigger.function === triggers.function &&
    trigger.functionSchema === schema &&
    trigger.comment?.split(': ')[0] === fingerprint(triggers)
  )
}

function missingColumns(comparison: Comparison, table: string): string[] {
  const announced = announcedColumns(comparison, table)
  return (comparison.triggers.columns[table] ?? []).filter((column) => !announced.includes(column))
}

/** As the triggers that are there say. A newer version may have added some: then this one goes on beside it. */
function announcedColumns(comparison: Comparison, table: string): string[] {
  const { triggers } = comparison
  const lists = triggers.names.map((name) => {
    const comment = findTrigger(comparison, table, name)?.comment ?? ''
    return comment.startsWith(`${fingerprint(triggers)}: `) ? (comment.split(': ')[1]?.split(', ') ?? []) : []
  })
  const [first = [], ...others] = lists
  return first.filter((column) => others.every((list) => list.includes(column)))
}

function findTrigger(comparison: Comparison, table: string, name: string): FoundTrigger | undefined {
  return foundTable(comparison, table)?.triggers.find((found) => found.name === name)
}

function dropTriggers(comparison: Comparison): string[] {
  const { triggers } = comparison
  return triggers.tables
    .filter((table) => foundTable(comparison, table))
    .flatMap((table) =>
      triggers.names.map((name) => `DROP TRIGGER IF EXISTS ${name} ON ${qualified(comparison, table)}`),
    )
}

function createTriggers(comparison: Comparison): string[] {
  const { triggers } = comparison
  const columns = Object.fromEntries(triggers.tables.map((table) => [table, columnsToAnnounce(comparison, table)]))
  const comments = triggers.tables.flatMap((table) => {
    const comment = literal(`${fingerprint(triggers)}: ${columns[table]?.join(', ')}`)
    return triggers.names.map((name) => `COMMENT ON TRIGGER ${name} ON ${qualified(comparison, table)} IS ${comment}`)
  })
  return [triggers.sql((name) => qualified(comparison, name), columns).trim(), ...comments]
}

/** Those of a newer version too, which may be running: it would lose revocations. */
function columnsToAnnounce(comparison: Comparison, table: string): string[] {
  const wanted = comparison.triggers.columns[table] ?? []
  const existing = foundTable(comparison, table)?.columns.map(({ name }) => name) ?? []
  const more = announcedColumns(comparison, table).filter((column) => existing.includes(column))
  return [...new Set([...wanted, ...more])]
}

/**
 * Of everything but the columns. Each trigger has it, with the columns, as its comment: PostgreSQL rewrites a condition,
 * so that it cannot be compared with what we wrote, and a trigger that is replaced by hand loses its comment.
 */
function fingerprint({ sql }: NeededTriggers): string {
  const form = sql((name) => name, {})
  return `auth-sidecar ${createHash('sha256').update(form).digest('hex').slice(0, 16)}`
}

function functionBody({ sql }: NeededTriggers): string {
  return sql((name) => name, {}).split('$function$')[1] ?? ''
}
