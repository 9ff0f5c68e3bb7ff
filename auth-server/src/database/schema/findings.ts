/**
 * In which order repairs run. A column that a trigger reads cannot change its type, so triggers go first and come back
 * before rows change: those changes are announced. A foreign key needs the unique key that it refers to.
 */
export const PHASES = ['schema', 'drop-triggers', 'table', 'column', 'trigger', 'row', 'key', 'foreign-key'] as const
export type Phase = (typeof PHASES)[number]

/** A query, and what it means that it returns rows: then the repair would fail or lose something. */
export type Doubt = { query: string; decision: (rows: Record<string, unknown>[]) => Omit<Decision, 'kind' | 'table'> }

/** Done by `migrate`, unless one of the doubts is true. */
export type Repair = {
  kind: 'repair'
  phase: Phase
  table: string
  what: string
  sql: string[]
  /** Until then requests fail, or an ended session could be accepted: not ready. */
  breaks: boolean
  doubts?: Doubt[]
}

/** Nobody but the operator can know; the SQL is a proposal. */
export type Decision = {
  kind: 'decision'
  table: string
  what: string
  sql: string[]
  /** Where the owner of our tables may not run it. */
  as?: 'superuser'
  breaks: boolean
}

/** Worth a line in the log: adopted although this server would have made it differently. */
export type Note = { kind: 'note'; table: string; what: string }

export type Finding = Repair | Decision | Note
