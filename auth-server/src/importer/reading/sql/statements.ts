import { ExportError } from '../../export-error.ts'
import type { Place, ReadRow } from '../../system.ts'
import { type Tables, tableLabel } from '../tables.ts'
import { copyValues } from './copy.ts'
import { addedKeyOf, definitionOf, partitionOf } from './definitions.ts'
import { dialectOf, isEscaped } from './dialect.ts'
import { createInsert, type Insert } from './insert.ts'
import { isSign, isWord, nameListAt, type TableName, tableNameAt } from './names.ts'
import { type Dialect, type Open, type Token, tokensOf } from './tokens.ts'

type Table = ReturnType<Tables['open']>
type Copy = { table: Table; columns: readonly string[]; label: string }

/** More than any definition of a table has; what is longer is a function or a view, and of no interest. */
const MAX_TOKENS = 50_000
const NO_TABLE =
  'these rows are of a table whose name cannot be read: dump again with pg_dump --format=plain, or with mysqldump without ANSI_QUOTES'
const ALL_DATABASES =
  'this dump has users of more than one database: dump only one, with pg_dump DATABASE or mysqldump DATABASE'
const NO_COLUMNS = 'dump with the tables, or with --column-inserts (pg_dump) or --complete-insert (mysqldump)'

/** Commands of psql (\restrict, \connect) and of mysql, comments of MySQL, and what programs say, in the file by `2>&1`. */
const NO_SQL = /^(?:\\|#|DELIMITER\b|(?:mysqldump|mariadb-dump|pg_dump|Warning): )/i

/** Takes a dump line by line, and gives the rows of the tables that are read. */
export function createStatements(tables: Tables) {
  let dialect: Dialect = 'postgres'
  let isDialectKnown = false
  let database: string | undefined
  let usersIn: { database: string | undefined } | undefined
  let searchPath: string | null = null
  let tokens: Token[] = []
  let begun: Open | undefined
  let begunAt = 0
  let copy: Copy | undefined
  let insert: Insert | undefined
  let unnamed: ExportError | undefined

  function line(text: string, place: Place): ReadRow[] {
    if (copy !== undefined) return copied(copy, text, place)
    const isBetween = tokens.length === 0 && begun === undefined && insert === undefined
    if (isBetween && !isDialectKnown) learn(text)
    if (!isDialectKnown && begun === undefined && isEscaped(text)) dialect = 'mysql'
    if (isBetween && text.startsWith('\\connect ')) database = text
    if (isBetween && NO_SQL.test(text)) return []
    const read = tokensOf(text, dialect, begun)
    if (read.open !== begun) begunAt = place.line
    begun = read.open
    const rows: ReadRow[] = []
    for (const token of read.tokens) rows.push(...take(token, place))
    return rows
  }

  /** From the first mark: what people wrote may look like one of the other kind later on. */
  function learn(text: string): void {
    const shown = dialectOf(text)
    if (shown === undefined) return
    dialect = shown
    isDialectKnown = true
  }

  function copied(into: Copy, text: string, place: Place): ReadRow[] {
    if (text === '\\.') {
      copy = undefined
      return []
    }
    if (!into.table.role) return oneOrNone(tables.row(into.table, {}, place))
    const values = copyValues(text)
    if (values.length !== into.columns.length) {
      const counts = `this row has ${values.length} columns, and ${into.label} has ${into.columns.length}`
      throw new ExportError(`${counts}: the file is damaged, or cut off`, place)
    }
    return oneOrNone(tables.row(into.table, rowOf(into.columns, values), place))
  }

  function take(token: Token, place: Place): ReadRow[] {
    if (insert !== undefined) {
      const { values, isEnded } = insert.take(token, place)
      const { table, columns } = insert
      if (isEnded) insert = undefined
      return values === undefined ? [] : oneOrNone(tables.row(table, rowOf(columns, values), place))
    }
    if (isSign(token, ';')) {
      end(tokens, place)
      tokens = []
      return []
    }
    if (tokens.length < MAX_TOKENS) tokens.push(token)
    if (isWord(token, 'VALUES') && isWord(tokens[0], 'INSERT', 'REPLACE')) beginInsert(place)
    return []
  }

  function beginInsert(place: Place): void {
    const at = tokens.findIndex((token) => isWord(token, 'INTO'))
    const table = tableAt(at + 1)
    if (at === -1 || table === undefined) throw new ExportError(NO_TABLE, place)
    const given = nameListAt(tokens, table.next, dialect)?.value
    const columns = given ?? tables.columnsOf(table.value)
    const label = tableLabel(table.value)
    const opened = tables.open({ ...table.value, columns: columns ?? [] })
    if (columns === undefined) {
      const error = new ExportError(`the columns of ${label} are named nowhere: ${NO_COLUMNS}`, place)
      if (opened.role) throw error
      unnamed ??= error
    }
    ofOneDatabase(opened, place)
    insert = createInsert(opened, columns ?? [], label)
    tokens = []
  }

  /** Users of two databases would look like those of one. */
  function ofOneDatabase({ role }: Table, place: Place): void {
    if (role?.kind !== 'users') return
    usersIn ??= { database }
    if (usersIn.database !== database) throw new ExportError(ALL_DATABASES, place)
  }

  /** Of INSERT … SELECT only the database knows the rows. */
  function refuseQuery(statement: readonly Token[], place: Place): void {
    const table = tableAt(statement.findIndex((token) => isWord(token, 'INTO')) + 1)
    if (table === undefined) return
    const columns = nameListAt(statement, table.next, dialect)?.value ?? tables.columnsOf(table.value)
    if (columns === undefined || !tables.open({ ...table.value, columns }).role) return
    throw new ExportError(`the rows of this INSERT into ${tableLabel(table.value)} are no values`, place)
  }

  function end(statement: readonly Token[], place: Place): void {
    if (isWord(statement[0], 'COPY')) beginCopy(statement, place)
    if (isWord(statement[0], 'INSERT', 'REPLACE')) refuseQuery(statement, place)
    if (isWord(statement[0], 'SET')) set(statement, place)
    const defined = definitionOf(statement, dialect)
    if (defined)
      tables.define({ ...defined, table: inPath(defined.table), foreignKeys: defined.foreignKeys.map(keyInPath) })
    const part = partitionOf(statement, dialect)
    if (part !== undefined) tables.partition(inPath(part.partition), inPath(part.root))
    if (isWord(statement[0], 'USE')) database = statement[1]?.text
    for (const key of addedKeyOf(statement, dialect)) tables.refer(keyInPath(key))
  }

  function beginCopy(statement: readonly Token[], place: Place): void {
    const table = tableAt(1)
    if (table === undefined) {
      const isFromFile = statement.some((token, next) => isWord(token, 'FROM') && isWord(statement[next + 1], 'STDIN'))
      if (isFromFile) throw new ExportError(NO_TABLE, place)
      return
    }
    const list = nameListAt(statement, table.next, dialect)
    const columns = list?.value ?? tables.columnsOf(table.value)
    const [from, stdin, ...options] = statement.slice(list?.next ?? table.next)
    if (!isWord(from, 'FROM') || !isWord(stdin, 'STDIN')) return
    const opened = tables.open({ ...table.value, columns: columns ?? [] })
    if (opened.role && (columns === undefined || options.length > 0)) {
      throw new ExportError('this COPY is none of pg_dump’s: dump again with pg_dump --format=plain', place)
    }
    ofOneDatabase(opened, place)
    copy = { table: opened, columns: columns ?? [], label: tableLabel(table.value) }
  }

  function set(statement: readonly Token[], place: Place): void {
    const [, name, , value, ...more] = statement
    const text = value?.text ?? ''
    if (isWord(name, 'SEARCH_PATH')) searchPath = text === '' ? null : text
    if (!isWord(name, 'CLIENT_ENCODING') || /^(?:UTF-?8|SQL_ASCII)$/i.test(text) || more.length > 0) return
    throw new ExportError(`the dump is in ${text}: dump again with pg_dump --encoding=UTF8`, place)
  }

  function tableAt(at: number): { value: TableName; next: number } | undefined {
    const found = tableNameAt(tokens, at, dialect)
    return found && { ...found, value: inPath(found.value) }
  }

  const inPath = (table: TableName): TableName => ({ ...table, schema: table.schema ?? searchPath })
  const keyInPath = <Key extends { from: TableName; to: TableName }>(key: Key): Key => ({
    ...key,
    from: inPath(key.from),
    to: inPath(key.to),
  })

  /** What the end of the file would cut in two. */
  function unfinished(): string | undefined {
    if (copy !== undefined) return `among the rows of ${copy.label}`
    if (begun?.kind !== undefined) return `inside of a string that begins in line ${begunAt}`
    if (insert !== undefined) return `among the rows of ${insert.label}`
    return tokens.length > 0 || begun !== undefined ? 'inside of a statement' : undefined
  }

  /** Rows without names of columns could be those of the users, if no others are. */
  function refuseUnnamed(): void {
    if (unnamed !== undefined && !tables.hasUsers()) throw unnamed
  }

  return { line, unfinished, refuseUnnamed }
}

function rowOf(columns: readonly string[], values: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]))
}

const oneOrNone = (row: ReadRow | undefined): ReadRow[] => (row === undefined ? [] : [row])
