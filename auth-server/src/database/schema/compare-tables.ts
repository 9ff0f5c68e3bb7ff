import { type Comparison, columnDefinition, qualified, quoted } from './ddl.ts'
import type { Decision, Note, Repair } from './findings.ts'
import type { FoundTable } from './inspect.ts'
import type { NeededTable } from './needed.ts'

const KINDS: Record<string, string> = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  p: 'a partitioned table',
}

export function createTable(comparison: Comparison, table: NeededTable): Repair {
  const columns = table.columns.map((column) => columnDefinition(comparison, table, column))
  const body = [...columns, `PRIMARY KEY (${quoted(table.primaryKey)})`].map((line) => `  ${line}`).join(',\n')
  return {
    kind: 'repair',
    phase: 'table',
    table: table.name,
    what: `table ${quoted(table.name)} is missing`,
    sql: [`CREATE TABLE ${qualified(comparison, table.name)} (\n${body}\n)`],
    breaks: true,
  }
}

/** What makes a relation unusable whatever its columns are. */
export function compareTable(comparison: Comparison, found: FoundTable): Decision[] {
  const name = quoted(found.name)
  const table = qualified(comparison, found.name)
  const decide = (what: string, sql: string[], more: Pick<Decision, 'as'> & { breaks?: boolean } = {}): Decision[] => [
    { kind: 'decision', table: found.name, what: `${name} ${what}`, sql, breaks: true, ...more },
  ]
  const kind = KINDS[found.kind]
  if (kind) return decide(`is ${kind}, and must be an ordinary table`, [ownSchema()])
  if (found.hasChildren) {
    return decide('is part of an inheritance tree, whose other tables announce no revocations', [ownSchema()])
  }
  return [
    ...(found.isOwned
      ? []
      : decide(
          `belongs to the role ${quoted(found.owner)}, not to ${quoted(comparison.found.role)}`,
          [`ALTER TABLE ${table} OWNER TO ${quoted(comparison.found.role)}`],
          { as: 'superuser', breaks: !found.isWritable },
        )),
    ...(found.hidesRows
      ? decide('hides rows from this server by row-level security', [
          `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`,
        ])
      : []),
    ...(found.rules.length > 0
      ? decide(
          'has rules that rewrite its statements',
          found.rules.map((rule) => `DROP RULE ${quoted(rule)} ON ${table}`),
        )
      : []),
    ...(found.isLogged
      ? []
      : decide('is UNLOGGED: a crash empties it, and announces nothing', [`ALTER TABLE ${table} SET LOGGED`])),
  ]
}

/** Adding half of the columns to somebody's own "session" would break both applications. */
export function isOfAnotherApplication(comparison: Comparison, table: NeededTable, found: FoundTable) {
  const needed = table.columns.filter((column) => column.isRequired && column.default === undefined)
  const missing = needed.filter(({ name }) => !found.columns.some((column) => column.name === name))
  const isKnown = found.columns.some((column) =>
    table.columns.some(({ name }) => name === column.name && name !== 'id'),
  )
  if (isKnown && missing.length * 2 <= needed.length) return undefined
  const renames = missing.flatMap(({ name }) => renameColumn(comparison, found, name) ?? [])
  const columns = missing.map(({ name }) => quoted(name)).join(', ')
  const decision: Decision = {
    kind: 'decision',
    table: table.name,
    what: `${quoted(table.name)} looks like a table of another application: it has no ${columns}`,
    sql: renames.length === missing.length ? renames : [ownSchema()],
    breaks: true,
  }
  return decision
}

/** For "emailVerified": email_verified, emailverified, EMAIL_VERIFIED. Not what this server needs by that name. */
export function renameColumn(comparison: Comparison, found: FoundTable, wanted: string): string | undefined {
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase()
  const needed = comparison.needed.find(({ name }) => name === found.name)?.columns ?? []
  const similar = found.columns.find(
    ({ name }) => plain(name) === plain(wanted) && !needed.some((column) => column.name === name),
  )
  if (!similar) return undefined
  return `ALTER TABLE ${qualified(comparison, found.name)} RENAME COLUMN ${quoted(similar.name)} TO ${quoted(wanted)}`
}

/**
 * "User" or "users" where "user" is missing. With better-auth's columns it holds the accounts that are meant, and an
 * empty table beside it would lock everybody out; with others it is the application's own.
 */
export function similarTable(comparison: Comparison, table: NeededTable): Decision | Note | undefined {
  const names = [table.name, table.model].flatMap((name) => [name.toLowerCase(), `${name.toLowerCase()}s`])
  const similar = comparison.found.tables.find(
    ({ name, kind }) =>
      kind === 'r' && names.includes(name.toLowerCase()) && !comparison.needed.some((needed) => needed.name === name),
  )
  if (!similar) return undefined
  const fits = table.columns
    .filter((column) => column.isRequired)
    .every(({ name, kind }) =>
      similar.columns.some((column) => column.name === name && (kind !== 'boolean' || column.type === 'bool')),
    )
  if (!fits) {
    const what = `table ${quoted(similar.name)} is not used: ${quoted(table.name)} is made beside it. Its rows are not taken over`
    return { kind: 'note', table: table.name, what }
  }
  return {
    kind: 'decision',
    table: table.name,
    what: `${quoted(similar.name)} has the columns of ${quoted(table.name)}, under another name`,
    sql: [`ALTER TABLE ${qualified(comparison, similar.name)} RENAME TO ${quoted(table.name)}`],
    breaks: true,
  }
}

const ownSchema = () => '-- set AUTH_DB_SCHEMA to a schema of its own, for example auth, and migrate again'
