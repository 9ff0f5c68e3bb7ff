import { ExportError } from '../export-error.ts'
import type { Place, ReadRow, Reference, Row, Seen, Settings, System, TableHead, TableRole } from '../system.ts'
import { referencesTo } from './references.ts'
import type { Definition, ForeignKey } from './sql/definitions.ts'
import type { TableName } from './sql/names.ts'

type Known = { head: TableHead; role: TableRole | null | undefined; rows: number }

/** Objects of JSON whose keys are data could have any number. */
const MAX_COLUMNS = 10_000
/** Of partitions. */
const MAX_LEVELS = 8

/** What is known of the old tables, filled while the export is read. */
export type Tables = ReturnType<typeof createTables>

export function createTables(system: System, settings: Settings) {
  const known = new Map<string, Known>()
  const foreignKeys: ForeignKey[] = []
  const roots = new Map<string, TableName>()
  let users: TableHead | undefined

  function define({ table, columns, foreignKeys: keys }: Definition): void {
    const found = known.get(keyOf(table))
    if (found === undefined) known.set(keyOf(table), { head: { ...table, columns }, role: undefined, rows: 0 })
    foreignKeys.push(...keys)
  }

  function columnsOf(table: TableName): readonly string[] | undefined {
    return known.get(keyOf(table))?.head.columns
  }

  /** A partition may have partitions; a damaged dump may lead in a circle. */
  function rootOf(table: TableName): TableName {
    let root = table
    for (let level = 0; level < MAX_LEVELS; level += 1) root = roots.get(keyOf(root)) ?? root
    return root
  }

  /** What its rows are for. Two tables of users are none: which of them is meant only the operator knows. */
  function open(given: TableHead): Known {
    const head = { ...rootOf(given), columns: given.columns }
    const key = keyOf(head)
    const found = known.get(key)
    if (found?.role !== undefined) {
      found.head = { ...found.head, columns: withMore(found.head.columns, head.columns) }
      return found
    }
    const role = system.role(head, settings)
    const opened = { head, role, rows: 0 }
    known.set(key, opened)
    if (role?.kind !== 'users') return opened
    if (users !== undefined) throw new ExportError(ambiguous(users, head))
    users = head
    return opened
  }

  return {
    define,
    columnsOf,
    open,
    header: system.header,
    partition: (part: TableName, root: TableName) => roots.set(keyOf(part), root),
    hasUsers: () => users !== undefined,
    usersColumns: () => (users === undefined ? [] : (known.get(keyOf(users))?.head.columns ?? [])),
    refer: (key: ForeignKey) => foreignKeys.push(key),
    row(table: Known, row: Row, place: Place): ReadRow | undefined {
      table.rows += 1
      return table.role ? { role: table.role, row, place } : undefined
    },
    seen: (): Seen => ({
      tables: [...known.values()].map(({ head, role, rows }) => ({
        ...{ name: tableLabel(head), rows, isRead: Boolean(role) },
        columns: head.columns,
      })),
      references: users === undefined ? [] : references(users),
    }),
  }

  function references(table: TableHead): Reference[] {
    const heads = [...known.values()].filter(({ role }) => !role).map(({ head }) => head)
    return referencesTo(table, heads, foreignKeys)
  }
}

/** Objects of JSON leave out what they have no value for. */
function withMore(known: readonly string[], given: readonly string[]): readonly string[] {
  const more = known.length < MAX_COLUMNS ? given.filter((column) => !known.includes(column)) : []
  return more.length === 0 ? known : [...known, ...more]
}

const keyOf = ({ schema, name }: TableName) => JSON.stringify([schema, name])

export function tableLabel({ schema, name }: TableName): string {
  return schema === null ? name : `${schema}.${name}`
}

function ambiguous(one: TableName, other: TableName): string {
  return `${tableLabel(one)} and ${tableLabel(other)} both look like the table of users: say which with --table`
}
