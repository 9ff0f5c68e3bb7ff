import { type Comparison, columnList, foundTable, freeName, qualified, quoted } from './ddl.ts'
import type { Doubt, Finding, Repair } from './findings.ts'
import type { FoundIndex, FoundTable } from './inspect.ts'
import type { NeededIndex, NeededTable } from './needed.ts'

export function compareIndexes(comparison: Comparison, table: NeededTable): Finding[] {
  const found = foundTable(comparison, table.name)
  return [
    ...(found ? comparePrimaryKey(comparison, table, found) : []),
    ...table.indexes
      .filter((index) => !isThere(index, found))
      .map((index) => addIndex(comparison, table, index, found)),
    ...(found ? tooUnique(comparison, table, found) : []),
  ]
}

/** A unique index on the id serves as well as a primary key, which may be another one. */
function comparePrimaryKey(comparison: Comparison, table: NeededTable, found: FoundTable): Repair[] {
  const key: NeededIndex = { name: `${table.name}_pkey`, isUnique: true, key: [table.primaryKey] }
  if (isThere(key, found)) return []
  const hasPrimary = found.indexes.some(({ isPrimary }) => isPrimary)
  const add = hasPrimary ? 'UNIQUE' : 'PRIMARY KEY'
  const name = quoted(freeName(comparison, key.name))
  return [
    {
      ...addIndex(comparison, table, key, found),
      what: `${quoted(table.name)}.${quoted(table.primaryKey)} is not unique`,
      sql: [
        `ALTER TABLE ${qualified(comparison, table.name)} ADD CONSTRAINT ${name} ${add} (${quoted(table.primaryKey)})`,
      ],
    },
  ]
}

/** Under any name, made by whichever tool. */
function isThere(needed: NeededIndex, found: FoundTable | undefined): boolean {
  return found?.indexes.some((index) => index.isWhole && serves(needed, index)) ?? false
}

function serves(needed: NeededIndex, index: FoundIndex): boolean {
  if (needed.isLower)
    return index.isUnique && index.key.length === 1 && isLowerOf(index.key[0]?.expression ?? '', needed)
  const columns = index.key.map(({ column }) => column)
  if (needed.isUnique) return index.isUnique && sameColumns(needed.key, columns)
  return index.method === 'btree' && needed.key.every((column, position) => columns[position] === column)
}

const sameColumns = (needed: readonly string[], columns: (string | null)[]) =>
  columns.length === needed.length && needed.every((column) => columns.includes(column))

/** As PostgreSQL writes it back: lower(email), lower((email)::text). */
const isLowerOf = (expression: string, { key: [column = ''] }: NeededIndex) =>
  expression.replace(/::text|[()"]/g, '') === `lower${column}`

function addIndex(comparison: Comparison, table: NeededTable, needed: NeededIndex, found?: FoundTable): Repair {
  const key = needed.isLower ? `pg_catalog.lower(${columnList(needed.key)}::pg_catalog.text)` : columnList(needed.key)
  const name = quoted(freeName(comparison, needed.name))
  const unique = needed.isUnique ? 'UNIQUE ' : ''
  const isAllThere = found && needed.key.every((column) => found.columns.some((existing) => existing.name === column))
  return {
    kind: 'repair',
    phase: 'key',
    table: table.name,
    what: `${needed.isUnique ? 'a unique index' : 'an index'} on ${quoted(table.name)} (${needed.isLower ? `lower(${needed.key.join()})` : columnList(needed.key)}) is missing`,
    sql: [`CREATE ${unique}INDEX ${name} ON ${qualified(comparison, table.name)} (${key})`],
    // Slower without an ordinary index, and addresses arrive in lower case.
    breaks: needed.isUnique && !needed.isLower,
    ...(needed.isUnique && isAllThere && { doubts: [noDuplicates(comparison, table, needed, key)] }),
  }
}

/** The rows by id: the values are addresses, tokens and names of accounts. */
function noDuplicates(
  comparison: Comparison,
  table: NeededTable,
  { key: columns, isLower }: NeededIndex,
  key: string,
): Doubt {
  const name = qualified(comparison, table.name)
  const id = quoted(table.primaryKey)
  const groups = `SELECT pg_catalog.array_agg(${id}::pg_catalog.text ORDER BY ${id}) AS "ids" FROM ${name}
    WHERE ${columns.map((column) => `${quoted(column)} IS NOT NULL`).join(' AND ')}
    GROUP BY ${key} HAVING pg_catalog.count(*) > 1`
  const subject = isLower ? `${columnList(columns)} apart from upper and lower case` : columnList(columns)
  return {
    query: `${groups} LIMIT 20`,
    decision: (rows) => ({
      what: `rows of ${quoted(table.name)} share ${subject}, ids: ${rows.map(({ ids }) => [ids].flat().join(' and ')).join('; ')}`,
      sql: [
        `SELECT ${id}, ${columnList(columns)} FROM ${name} WHERE ${id}::text = ANY(ARRAY[${rows
          .flatMap(({ ids }) => (Array.isArray(ids) ? ids : []))
          .map((value) => `'${String(value).replaceAll("'", "''")}'`)
          .join(', ')}])`,
        `DELETE FROM ${name} WHERE ${id} = '…' -- keep one row of each, or give the others a value of their own`,
      ],
      breaks: true,
    }),
  }
}

/** `"userId" UNIQUE` allows one session for each user: the second sign-in fails. */
function tooUnique(comparison: Comparison, table: NeededTable, found: FoundTable): Finding[] {
  const mayRepeat = table.columns
    .map(({ name }) => name)
    .filter(
      (name) =>
        name !== table.primaryKey && !table.indexes.some(({ isUnique, key }) => isUnique && key.join() === name),
    )
  return found.indexes
    .filter(({ isUnique, key }) => isUnique && key.length === 1 && mayRepeat.includes(key[0]?.column ?? ''))
    .filter(() => table.model !== 'verification')
    .map((index) => ({
      kind: 'decision',
      table: table.name,
      what: `${quoted(table.name)} (${index.key[0]?.expression}) is unique, and values of it repeat`,
      sql: [
        index.constraint
          ? `ALTER TABLE ${qualified(comparison, table.name)} DROP CONSTRAINT ${quoted(index.constraint)}`
          : `DROP INDEX ${qualified(comparison, index.name)}`,
      ],
      breaks: true,
    }))
}
