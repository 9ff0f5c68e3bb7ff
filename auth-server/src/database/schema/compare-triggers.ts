import { createHash } from 'node:crypto'
import { describedSessionTrigger, revocationTriggers } from '../revocation-triggers.ts'
import { type Comparison, foundTable, literal, qualified, quoted } from './ddl.ts'
import type { Finding } from './findings.ts'
import type { FoundTrigger } from './inspect.ts'

const TABLES = ['session', 'user'] as const
const TRIGGERS = ['announce_delete', 'announce_update', 'announce_truncate'] as const
const FUNCTION = 'announce_revocation'

/**
 * The triggers that announce revocations, as this version writes them. All six are made again where one differs, or
 * where a column changes: PostgreSQL refuses to change the type of a column that a trigger reads.
 */
export function compareTriggers(comparison: Comparison, others: readonly Finding[]): Finding[] {
  // No triggers on what is a view or another application's.
  const isBlocked = others.some(({ kind, table }) => kind === 'decision' && TABLES.some((name) => name === table))
  if (isBlocked) return []
  const wrong = TABLES.flatMap((table) =>
    TRIGGERS.filter((name) => !isRight(comparison, table, name)).map((name) => `${name} on ${quoted(table)}`),
  )
  const isFunctionRight = comparison.found.announce === functionBody(triggerSql((name) => name))
  const changesColumn = others.some(
    (finding) =>
      finding.kind === 'repair' && finding.phase === 'column' && TABLES.some((name) => name === finding.table),
  )
  const differs = wrong.length > 0 || !isFunctionRight
  if (!differs && !changesColumn) return []
  const what =
    wrong.length > 0
      ? `triggers are missing, disabled or different: ${wrong.join(', ')}`
      : 'the function of the triggers differs'
  return [
    {
      kind: 'repair',
      phase: 'drop-triggers',
      table: 'session',
      what: '',
      sql: dropTriggers(comparison),
      breaks: false,
    },
    {
      kind: 'repair',
      phase: 'trigger',
      table: 'session',
      what: differs ? what : '',
      sql: createTriggers(comparison),
      breaks: differs,
    },
  ]
}

function isRight(comparison: Comparison, table: string, name: string): boolean {
  const matches = (trigger: FoundTrigger) =>
    trigger.name === name &&
    trigger.isAlways &&
    trigger.function === FUNCTION &&
    trigger.functionSchema === comparison.schema &&
    trigger.comment === fingerprint()
  return foundTable(comparison, table)?.triggers.some(matches) ?? false
}

function dropTriggers(comparison: Comparison): string[] {
  return TABLES.filter((table) => foundTable(comparison, table)).flatMap((table) =>
    TRIGGERS.map((name) => `DROP TRIGGER IF EXISTS ${name} ON ${qualified(comparison, table)}`),
  )
}

function createTriggers(comparison: Comparison): string[] {
  const comments = TABLES.flatMap((table) =>
    TRIGGERS.map(
      (name) => `COMMENT ON TRIGGER ${name} ON ${qualified(comparison, table)} IS ${literal(fingerprint())}`,
    ),
  )
  return [triggerSql((name) => qualified(comparison, name)).trim(), ...comments]
}

const triggerSql = (table: (name: string) => string) =>
  `${revocationTriggers(table)}\n${describedSessionTrigger(table)}`

/**
 * Kept as each trigger's comment. Who replaces a trigger by hand loses it, and so does a trigger of an earlier version:
 * PostgreSQL rewrites a condition, so the text cannot be compared with what we wrote.
 */
const fingerprint = () =>
  `auth-sidecar ${createHash('sha256')
    .update(triggerSql((name) => name))
    .digest('hex')
    .slice(0, 16)}`

function functionBody(sql: string): string {
  return sql.split('$function$')[1] ?? ''
}
