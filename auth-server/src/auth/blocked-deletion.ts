/** SQLSTATE classes of constraints, of rules that swallow a cascade, and of what a trigger raises. */
const BLOCKED = /^(23|27|P0|09|44)/

/** A cascade that changed nothing, which PostgreSQL reports as an internal error. */
const UNEXPECTED = /^referential integrity query on ("[^"]+" from constraint "[^"]+" on "[^"]+")/

/** Whether the database refused a deletion for the sake of other rows; a lost connection is another matter. */
export function isBlocked(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false
  return BLOCKED.test(error.code) || UNEXPECTED.test(error.message)
}

/** What stands in the way, by its name alone: the rest of PostgreSQL's error repeats values and is never logged. */
export function nameBlocker(error: Error): Error {
  return new Error(`the deletion of a user was refused by ${blockerOf(error)}`, { cause: error })
}

function blockerOf(error: Error): string {
  const { constraint, schema, table, where } = error as Error & Partial<Record<string, unknown>>
  if (typeof constraint === 'string') return `constraint ${constraint} of table ${String(schema)}.${String(table)}`
  const [, trigger] = /^PL\/pgSQL function (\S+\(\S*\)) line/.exec(String(where)) ?? []
  if (trigger !== undefined) return `trigger function ${trigger}`
  const [, rule] = UNEXPECTED.exec(error.message) ?? []
  return rule === undefined ? 'something that gave no name' : `a rule or trigger on ${rule}`
}
