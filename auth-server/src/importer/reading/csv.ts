import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { ExportError } from '../export-error.ts'
import type { ReadRow } from '../system.ts'
import { kept, MAX_PIECE_CHARACTERS } from './bounds.ts'
import type { Tables } from './tables.ts'

/** As mongoexport writes it into CSV; in JSON, and in everything else, only the digits are the id. */
const OBJECT_ID = /^ObjectId\("?([0-9a-f]{24})"?\)$/

type Given = { file: string; holds: string; pieces: AsyncIterable<string>; tables: Tables }
type Parsed = { record: string[]; info: { lines: number } }

/** Rows of a file with a line of names first, between commas, semicolons, tabs or bars. */
export async function* readCsv({ file, holds, pieces, tables }: Given): AsyncGenerator<ReadRow> {
  const ending = watchEnding(pieces)
  const { delimiter, isQuoted, isNamed, all } = await withDelimiter(ending.pieces)
  // `mysql --batch` has no quotes: one at the beginning of a name would swallow the rows up to the next one.
  const isBatch = delimiter === '\t' && !isQuoted
  const parser = parse({
    delimiter,
    info: true,
    ...(isBatch && { quote: null }),
    ...(isNamed && { from_line: 2 }),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_PIECE_CHARACTERS,
  })
  let columns: string[] | undefined
  let table: ReturnType<Tables['open']> | undefined
  try {
    for await (const { record, info } of pipeline(
      Readable.from(all),
      parser,
      () => undefined,
    ) as AsyncIterable<Parsed>) {
      const place = { file, line: info.lines }
      if (columns === undefined || table === undefined) {
        const known = knownHeader(record, tables.header)
        columns = known ?? headerOf(record, place)
        table = tables.open({ schema: null, name: holds, columns })
        if (known === undefined) continue
      }
      if (record.length !== columns.length) {
        throw new ExportError(`this row has ${record.length} columns, and the header has ${columns.length}`, place)
      }
      const values = record.map((value) => kept(isBatch ? unescaped(value) : value).replace(OBJECT_ID, '$1'))
      const row = tables.row(
        table,
        Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])),
        place,
      )
      if (row !== undefined) yield row
    }
    // Half of a value, such as of an address, would look like a whole one.
    if (!ending.isWhole()) throw new ExportError(NO_END, { file, line: parser.info.lines })
  } catch (error) {
    throw error instanceof CsvError ? broken(file, error) : error
  }
}

const NO_END =
  'the file ends in the middle of this line, which may be cut off. If it is whole, put a line break behind it: echo >> FILE'

/** Whether the last line has an end: every program writes one. */
function watchEnding(given: AsyncIterable<string>): { pieces: AsyncIterable<string>; isWhole: () => boolean } {
  let last = ''
  async function* pieces(): AsyncGenerator<string> {
    for await (const piece of given) {
      last = piece.at(-1) ?? last
      yield piece
    }
  }
  return { pieces: pieces(), isWhole: () => last === '\n' || last === '\r' }
}

/** An address, a hash, a NULL or a number is no name of a column; and none of them belongs into a message. */
const VALUE = /.@.|^\$.*\$|^\\N$|^\d+$|^.{120}/
const NO_NAMES =
  'this line has values where the names of columns are wanted: export with a header (CSV HEADER of psql, mysql --batch), or write the names into the first line'

/** Where the first line is a row already. */
function knownHeader(record: readonly string[], header: readonly string[] | undefined): string[] | undefined {
  const isRow = header !== undefined && record.length >= header.length && !record.includes(header[0] ?? '')
  return isRow ? record.map((_, at) => header[at] ?? `column ${at + 1}`) : undefined
}

function headerOf(record: string[], place: { file: string; line: number }): string[] {
  const names = record.map((name) => name.trim())
  if (names.some((name) => VALUE.test(name))) throw new ExportError(NO_NAMES, place)
  const doubled = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (doubled !== undefined) throw new ExportError(`two columns are called ${doubled.slice(0, 60)}`, place)
  return names.map((name, at) => (name === '' ? `column ${at + 1}` : name))
}

/** `mysql --batch` writes a tab, a newline and a backslash so, and NULL as a word. */
function unescaped(value: string): string {
  return value === 'NULL' ? '' : value.replace(/\\([ntr0\\])/g, (_, sign: string) => SIGNS[sign] ?? sign)
}
const SIGNS: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' }

const WHAT: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'the file ends inside of a quoted value',
  CSV_MAX_RECORD_SIZE: `this row has more than ${MAX_PIECE_CHARACTERS} characters: is a quote not closed?`,
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote: quotes inside of a value are doubled',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something stands behind a closing quote',
  INVALID_OPENING_QUOTE:
    'a quote stands in the middle of a value: such a value is put in quotes, and its quotes are doubled',
}

/** Without the library's own words, which quote the row. */
function broken(file: string, error: CsvError): ExportError {
  return new ExportError(WHAT[error.code] ?? `this is no CSV (${error.code})`, { file, line: Number(error.lines) || 1 })
}

const DELIMITERS = [',', ';', '\t', '|']

type Begun = { delimiter: string; isQuoted: boolean; isNamed: boolean; all: AsyncIterable<string> }
/** A first line of Excel's, which names the sign. */
const NAMED = /^"?sep=([,;\t|])"?\r?$/i

/** The one that is most often in the first line, outside of quotes; and whether quotes are there. */
async function withDelimiter(pieces: AsyncIterable<string>): Promise<Begun> {
  const iterator = pieces[Symbol.asyncIterator]()
  let head = ''
  let isDone = false
  while (!head.includes('\n') && !isDone && head.length < MAX_PIECE_CHARACTERS) {
    const next = await iterator.next()
    if (next.done) isDone = true
    else head += next.value
  }
  const first = head.split('\n')[0] ?? ''
  const named = NAMED.exec(first)?.[1]
  if (named !== undefined) return { delimiter: named, isQuoted: true, isNamed: true, all: chained(head, iterator) }
  const line = first.replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length)
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
  return { delimiter, isQuoted: first !== line, isNamed: false, all: chained(head, iterator) }
}

async function* chained(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
