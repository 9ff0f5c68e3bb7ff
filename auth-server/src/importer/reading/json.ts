import { Tokenizer, TokenParser, TokenType } from '@streamparser/json'
import { ExportError } from '../export-error.ts'
import type { ReadRow, Row, TableRole } from '../system.ts'
import { kept, MAX_PIECE_CHARACTERS } from './bounds.ts'
import { isRecord, pageOf, plainRow, tableOf } from './documents.ts'
import type { Tables } from './tables.ts'

/** `array`: of rows. `object`: whose lists hold rows, such as `users`. `lines`: a row in each line. */
export type JsonForm = 'array' | 'object' | 'lines'
type Given = { file: string; holds: string; form: JsonForm; pieces: AsyncIterable<string>; tables: Tables }
type Entry = { list: string; value: unknown; line: number }

const PATHS: Record<JsonForm, string> = { array: '$.*', object: '$.*.*', lines: '$' }
/** How many brackets are open where an entry begins. */
const DEPTHS: Record<JsonForm, number> = { array: 1, object: 2, lines: 0 }
const MAX_DEPTH = 64
/** So many entries, or characters, are looked at before the first row: an object leaves out what it has no value for. */
const [EARLY_ENTRIES, EARLY_CHARACTERS] = [1000, 4 * 1024 * 1024]

/** The rows of JSON of any size. But for the early ones, one piece of it is in memory at a time. */
export async function* readJson({ file, holds, form, pieces, tables }: Given): AsyncGenerator<ReadRow> {
  const entries: Entry[] = []
  const parser = createParser(form, holds, (entry) => entries.push(entry))
  const place = () => ({ file, line: parser.line() })
  let characters = 0
  let isEarly = true
  function* rows(): Generator<ReadRow> {
    if (isEarly) openAll(entries, tables)
    isEarly = false
    for (const entry of entries.splice(0)) yield* rowsOf(entry, file, tables)
  }
  for await (const piece of pieces) {
    guarded(() => parser.write(piece), place)
    characters += piece.length
    if (!isEarly || entries.length >= EARLY_ENTRIES || characters >= EARLY_CHARACTERS) yield* rows()
    if (parser.pending() > MAX_PIECE_CHARACTERS) {
      throw new ExportError(`an entry has more than ${MAX_PIECE_CHARACTERS} characters`, place())
    }
  }
  guarded(() => parser.end(), place)
  yield* rows()
}

/** By the columns of all of these: what a table is for, no single row may show. */
function openAll(entries: readonly Entry[], tables: Tables): void {
  const columns = new Map<string, Set<string>>()
  for (const { name, row } of entries.flatMap(({ list, value }) => tableRowsOf(list, value))) {
    columns.set(name, new Set([...(columns.get(name) ?? []), ...Object.keys(row)]))
  }
  for (const [name, all] of columns) tables.open({ schema: null, name, columns: [...all] })
}

function* rowsOf({ list, value, line }: Entry, file: string, tables: Tables): Generator<ReadRow> {
  for (const { name, row, isModel } of tableRowsOf(list, value)) {
    const table = tables.open({ schema: null, name, columns: Object.keys(row) })
    const problem = isModel && table.role ? naturalKey(row, table.role) : undefined
    if (problem !== undefined) throw new ExportError(problem, { file, line })
    const read = tables.row(table, row, { file, line })
    if (read !== undefined) yield read
  }
}

/**
 * Django's dumpdata says for each row which model it is of; Keycloak's export of all realms has the users of each in it,
 * phpMyAdmin has a list for each table, and the pages of an API have lists.
 */
function tableRowsOf(list: string, value: unknown): { name: string; row: Row; isModel?: true }[] {
  if (!isRecord(value)) return []
  const { model, pk, fields, realm, users } = value
  if (typeof model === 'string' && isRecord(fields)) {
    return [{ name: model, row: { pk: pk ?? null, ...fields }, isModel: true }]
  }
  if (typeof realm === 'string' && Array.isArray(users)) return users.flatMap((user) => tableRowsOf('users', user))
  const table = tableOf(value)
  if (table !== undefined) return table.rows.flatMap((row) => tableRowsOf(table.name, row))
  const page = pageOf(value)
  if (page !== undefined) return page.flatMap((user) => tableRowsOf('users', user))
  return [{ name: list, row: plainRow(value) }]
}

/** Django can write names in place of ids: only its models know how to find a user by them. */
function naturalKey(row: Row, role: TableRole): string | undefined {
  if ('id' in role && role.id(row) === null)
    return 'this user has no id: write the file again without --natural-primary'
  const isNamed = 'userId' in role && role.userId(row) === null && Object.values(row).some(Array.isArray)
  return isNamed
    ? 'this row has the name of its user, and no id: write the file again without --natural-foreign'
    : undefined
}

function createParser(form: JsonForm, holds: string, emit: (entry: Entry) => void) {
  let line = 1
  let begunAt = 1
  let depth = 0
  let pending = 0
  // Nothing stands between two values: lines, or the pages of an API, one behind the other.
  const tokenizer = new ExactTokenizer({ separator: '' })
  const parser = new TokenParser({ paths: [PATHS[form]], keepStack: false, separator: '' })
  tokenizer.onToken = (token) => {
    if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
      if (depth === DEPTHS[form]) begunAt = line
      depth += 1
      if (depth > MAX_DEPTH) throw new TooDeep()
    } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) depth -= 1
    parser.write(typeof token.value === 'string' ? { ...token, value: kept(token.value) } : token)
  }
  parser.onValue = ({ value, stack }) => {
    pending = 0
    emit({
      list: form === 'object' ? String(stack[1]?.key ?? stack.at(-1)?.key ?? holds) : holds,
      value,
      line: begunAt,
    })
  }
  return {
    line: () => line,
    pending: () => pending,
    write(piece: string): void {
      pending += piece.length
      for (let from = 0; from < piece.length; ) {
        const newline = piece.indexOf('\n', from)
        const to = newline === -1 ? piece.length : newline + 1
        if (!tokenizer.isEnded || piece.slice(from, to).trim() !== '') tokenizer.write(piece.slice(from, to))
        if (newline !== -1) line += 1
        from = to
      }
    },
    end(): void {
      if (depth > 0) throw new Unfinished()
      if (!tokenizer.isEnded) tokenizer.end()
    },
  }
}

class TooDeep extends Error {}
class Unfinished extends Error {}

/** Without the library's own words, which quote the file. */
function guarded(act: () => void, place: () => { file: string; line: number }): void {
  try {
    act()
  } catch (error) {
    if (error instanceof TooDeep) throw new ExportError(`this is nested deeper than ${MAX_DEPTH} levels`, place())
    const what =
      error instanceof Unfinished
        ? 'the file ends here, in the middle of an entry: it is only a part'
        : 'this is no JSON'
    throw new ExportError(what, place())
  }
}

/** The only way that the library has for it. */
class ExactTokenizer extends Tokenizer {
  /** An integer beyond 2^53 would be another one: it stays text. */
  protected override parseNumber(text: string): number {
    const value = Number(text)
    const isExact = Number.isSafeInteger(value) || !/^-?\d+$/.test(text)
    return isExact ? value : (text as unknown as number)
  }
}
