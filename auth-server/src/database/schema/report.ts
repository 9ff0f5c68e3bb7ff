import type { Decision } from './findings.ts'
import type { Plan } from './plan.ts'

/** All that keeps `migrate` from its work, with the SQL for each. Nothing was changed. */
export function decisionsReport(decisions: readonly Decision[], schema: string): string {
  const items = decisions.map(({ what, sql, as }) =>
    [`  - ${what}`, ...sql.map((line) => `      ${statement(as ? `${line} -- as ${as}` : line)}`)].join('\n'),
  )
  return [
    `The tables in schema "${schema}" do not fit this server, and nothing was changed. Decide on each, then migrate again:`,
    ...items,
    'Or leave these tables alone: set AUTH_DB_SCHEMA to a schema of its own, for example auth, and migrate again.',
  ].join('\n')
}

const AFTERWARDS = '-- Then migrate records this version in auth_migration, and grants BACKEND_DB_ROLE its rights.'

/** For a review: every statement that `migrate` would run, as a file of SQL. */
export function dryRun({ repairs, decisions, notes }: Plan, schema: string): string {
  const body = repairs.flatMap(({ what, sql }) => [...(what ? [`-- ${what}`] : []), ...sql.map(statement)])
  return [
    ...notes.map(({ what }) => `-- note: ${what}`),
    ...(decisions.length > 0
      ? decisionsReport(decisions, schema)
          .split('\n')
          .map((line) => `-- ${line}`)
      : []),
    ...(repairs.length > 0 ? ['BEGIN;', ...body, 'COMMIT;', AFTERWARDS] : []),
    ...(repairs.length + decisions.length === 0 ? ['-- The tables are as this version needs them.'] : []),
    '',
  ].join('\n')
}

/** A proposal may end in a comment. */
export function statement(sql: string): string {
  if (sql.startsWith('--') || /;\s*$/.test(sql)) return sql
  const [text, comment] = sql.split(' -- ')
  return comment === undefined ? `${sql};` : `${text}; -- ${comment}`
}
