import { isSign, isWord, nameListAt, nameOf, type TableName, tableNameAt } from './names.ts'
import type { Dialect, Token } from './tokens.ts'

/** A column, or several, that refer to another table's rows. */
export type ForeignKey = {
  from: TableName
  columns: readonly string[]
  to: TableName
  constraint: string | null
  onDelete: string | null
}
export type Definition = { table: TableName; columns: string[]; foreignKeys: ForeignKey[] }

const NO_COLUMN = [
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'FOREIGN',
  'EXCLUDE',
  'LIKE',
  'KEY',
  'INDEX',
  'FULLTEXT',
  'SPATIAL',
]

/** `CREATE TABLE name (…)`; undefined for every other statement, also for `CREATE TABLE … AS`. */
export function definitionOf(tokens: readonly Token[], dialect: Dialect): Definition | undefined {
  const begin = tokens.findIndex((token) => isWord(token, 'TABLE'))
  const words = tokens.slice(1, begin)
  if (!isWord(tokens[0], 'CREATE') || begin === -1 || !words.every((token) => token.kind === 'word')) return undefined
  if (words.some((token) => isWord(token, 'FUNCTION', 'EVENT', 'TRIGGER', 'VIEW', 'OR'))) return undefined
  const at = isWord(tokens[begin + 1], 'IF') ? begin + 4 : begin + 1
  const table = tableNameAt(tokens, at, dialect)
  if (table === undefined || !isSign(tokens[table.next], '(')) return undefined
  const columns: string[] = []
  const foreignKeys: ForeignKey[] = []
  for (const item of itemsAt(tokens, table.next)) {
    const name = nameOf(item[0], dialect)
    if (name === undefined) continue
    if (isWord(item[0], ...NO_COLUMN)) foreignKeys.push(...foreignKeyOf(item, table.value, dialect))
    else {
      columns.push(name)
      foreignKeys.push(...referenceOf(item, { from: table.value, columns: [name] }, dialect))
    }
  }
  return { table: table.value, columns, foreignKeys }
}

/** `ALTER TABLE name ADD CONSTRAINT … FOREIGN KEY (…) REFERENCES …`. */
export function addedKeyOf(tokens: readonly Token[], dialect: Dialect): ForeignKey[] {
  if (!isWord(tokens[0], 'ALTER') || !isWord(tokens[1], 'TABLE')) return []
  let at = 2
  while (isWord(tokens[at], 'ONLY', 'IF', 'EXISTS')) at += 1
  const table = tableNameAt(tokens, at, dialect)
  return table === undefined ? [] : foreignKeyOf(tokens.slice(table.next), table.value, dialect)
}

/** `ALTER TABLE root ATTACH PARTITION name …`: rows of the one are rows of the other. */
export function partitionOf(
  tokens: readonly Token[],
  dialect: Dialect,
): { root: TableName; partition: TableName } | undefined {
  if (!isWord(tokens[0], 'ALTER') || !isWord(tokens[1], 'TABLE')) return undefined
  const root = tableNameAt(tokens, isWord(tokens[2], 'ONLY') ? 3 : 2, dialect)
  const [attach, partition] = root === undefined ? [] : tokens.slice(root.next)
  if (root === undefined || !isWord(attach, 'ATTACH') || !isWord(partition, 'PARTITION')) return undefined
  const found = tableNameAt(tokens, root.next + 2, dialect)
  return found && { root: root.value, partition: found.value }
}

function foreignKeyOf(item: readonly Token[], from: TableName, dialect: Dialect): ForeignKey[] {
  const at = item.findIndex((token) => isWord(token, 'FOREIGN'))
  if (at === -1) return []
  const list = item.findIndex((token, index) => index > at && isSign(token, '('))
  const columns = nameListAt(item, list, dialect)
  if (columns === undefined) return []
  const named = item.findIndex((token) => isWord(token, 'CONSTRAINT'))
  const constraint = named === -1 ? null : (nameOf(item[named + 1], dialect) ?? null)
  return referenceOf(item.slice(columns.next), { from, columns: columns.value, constraint }, dialect)
}

type Referring = { from: TableName; columns: string[]; constraint?: string | null }

function referenceOf(item: readonly Token[], referring: Referring, dialect: Dialect): ForeignKey[] {
  const at = item.findIndex((token) => isWord(token, 'REFERENCES'))
  const to = at === -1 ? undefined : tableNameAt(item, at + 1, dialect)
  if (to === undefined) return []
  const onDelete = item.findIndex((token, index) => isWord(token, 'ON') && isWord(item[index + 1], 'DELETE'))
  return [
    { constraint: null, ...referring, to: to.value, onDelete: onDelete === -1 ? null : actionAt(item, onDelete + 2) },
  ]
}

function actionAt(item: readonly Token[], at: number): string {
  const first = item[at]?.text.toUpperCase() ?? ''
  const isTwo = first === 'SET' || first === 'NO'
  return isTwo ? `${first} ${item[at + 1]?.text.toUpperCase() ?? ''}` : first
}

/** What stands between the commas of a list in brackets. */
function itemsAt(tokens: readonly Token[], at: number): Token[][] {
  const items: Token[][] = [[]]
  let depth = 0
  for (const token of tokens.slice(at)) {
    if (isSign(token, '(')) depth += 1
    if (isSign(token, ')')) depth -= 1
    if (depth === 0) break
    if (depth === 1 && isSign(token, ',')) items.push([])
    else if (depth > 1 || !isSign(token, '(')) items.at(-1)?.push(token)
  }
  return items
}
