import { escapeIdentifier } from 'pg'
import type { Reference } from './system.ts'
import type { Terminal } from './terminal.ts'

/** Of columns of the old database that point at its users: how they point at ours. A suggestion, never run by an import. */
export function showReferences(terminal: Terminal, references: readonly Reference[], user: string): void {
  if (references.length === 0) return
  const { say, paint } = terminal
  say(`\n  ${paint.bold('Columns that point at the old users')}`)
  say(`  ${paint.dim('Ids stay, so rows need no change. Once the users are here, and where the column is text:')}`)
  for (const reference of references) {
    const name = nameOf(reference)
    if (reference.constraint === null)
      say(`\n    ${name}.${reference.column}  ${paint.dim('no foreign key, by its name')}`)
    for (const statement of retarget(reference, user)) say(`    ${paint.cyan(statement)}`)
  }
  say(`\n  ${paint.dim('Columns of type uuid or integer: see docs/moving-in.md')}`)
}

/** SQL. Only what the dump calls a foreign key becomes one: another column may hold ids of users who are gone. */
function retarget(reference: Reference, user: string): string[] {
  if (reference.constraint === null) return []
  const [column, constraint] = [reference.column, reference.constraint].map(escapeIdentifier)
  // What has no rule would keep its user from being deleted.
  const rule = reference.onDelete ?? 'CASCADE'
  return [
    `ALTER TABLE ${nameOf(reference)} DROP CONSTRAINT ${constraint},`,
    `  ADD CONSTRAINT ${constraint} FOREIGN KEY (${column}) REFERENCES ${user} ("id") ON DELETE ${rule};`,
  ]
}

const nameOf = ({ schema, table }: Reference) =>
  [schema, table].flatMap((part) => (part === null ? [] : [escapeIdentifier(part)])).join('.')
