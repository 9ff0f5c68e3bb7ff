import { writeFile } from 'node:fs/promises'
import { escapeIdentifier, escapeLiteral } from 'pg'
import type { Reference, Seen } from './system.ts'

const ABOUT = `-- Columns that pointed at the users of the old system, and how they point at ours. A suggestion: read it, take out what
-- stays with the old table, and run it as the owner of the tables once the users are here. See docs/moving-in.md.
-- "user".id is text. A column of another type becomes text; PostgreSQL rewrites its table meanwhile, and nobody can use it.
-- A rule other than CASCADE or SET NULL would keep users from deleting their account.
`

/** Of tables that the import did not read: those are the old system's own, and are not used any more. */
export function openReferences({ references, tables }: Seen): Reference[] {
  const read = new Set(tables.filter(({ isRead }) => isRead).map(({ name }) => name))
  return references.filter(({ schema, table }) => !read.has(table) && !read.has(`${schema}.${table}`))
}

export const placeOf = ({ table, column }: Reference) => `${table}.${column}`

/** SQL for each column with a foreign key; what only looks like one by its name is named. */
export async function writeReferences(
  path: string,
  references: readonly Reference[],
  { user, idPrefix }: { user: string; idPrefix: string },
): Promise<void> {
  const keys = references.flatMap((reference) => retarget(reference, user, idPrefix))
  const others = references.filter(({ constraint }) => constraint === null)
  const list = others.map(
    (reference) => `--   ${onOneLine(`${nameOf(reference)}.${escapeIdentifier(reference.column)}`)}\n`,
  )
  const named =
    others.length === 0 ? '' : `\n-- Without a foreign key, and by their name ids of users:\n${list.join('')}`
  await writeFile(path, `${ABOUT}\n${keys.join('\n')}${named}`)
}

function retarget(reference: Reference, user: string, idPrefix: string): string[] {
  if (reference.constraint === null) return []
  const [column = '', constraint = ''] = [reference.column, reference.constraint].map(escapeIdentifier)
  const using = idPrefix === '' ? '' : ` USING ${escapeLiteral(idPrefix)} || ${column}`
  return [
    `ALTER TABLE ${nameOf(reference)}
  DROP CONSTRAINT ${constraint},
  ALTER COLUMN ${column} TYPE text${using},
  ADD CONSTRAINT ${constraint} FOREIGN KEY (${column}) REFERENCES ${user} ("id") ${ruleOf(reference.onDelete)}
`,
  ]
}

/** What an export calls something. A newline would end a comment of SQL, and an escape sequence commands a terminal. */
export const onOneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

function ruleOf(onDelete: string | null): string {
  const rule = onOneLine(onDelete?.toUpperCase() ?? 'NO ACTION')
  if (rule === 'CASCADE' || rule === 'SET NULL') return `ON DELETE ${rule};`
  return `ON DELETE CASCADE; -- was ${rule}; with SET NULL the row stays when its user goes`
}

const nameOf = ({ schema, table }: Reference) =>
  [schema, table].flatMap((part) => (part === null ? [] : [escapeIdentifier(part)])).join('.')
