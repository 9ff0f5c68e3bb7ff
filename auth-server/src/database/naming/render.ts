import { columnIn, columnsOf, type Names, tableIn } from './names.ts'
import { TABLES } from './tables.ts'
import { givenNames, isMark, isWord, type Token, tokensOf, unquoted } from './tokens.ts'

/** What a statement is for the database: its text, and what the columns of its rows are called in the code. */
export type Rendered = { text: string; restored: ReadonlyMap<string, string> }

/**
 * All code, and better-auth's, writes the names of naming/tables.ts, in double quotes and with the schema before a table. Here each
 * becomes what the settings call it. A column belongs to the table that its alias stands for, or to the nearest table around it
 * that has such a column, as in SQL. A column that leaves a subquery by name needs an `AS`.
 */
export function render(text: string, schema: string, names: Names): Rendered {
  const tokens = tokensOf(text)
  const parts = new Reader(tokens, schema, names).read()
  const written = tokens.map((token) => token.text)
  for (const { at, resolve } of parts.uses) {
    const name = resolve()
    if (name !== undefined) written[at] = `"${name}"`
  }
  return { text: written.join(''), restored: restored(parts.tables, names, givenNames(tokens)) }
}

function restored(tables: ReadonlySet<string>, names: Names, given: ReadonlySet<string>): Map<string, string> {
  return new Map(
    [...tables].flatMap((table) =>
      Object.entries(names.columns[table] ?? {}).flatMap(([own, name]) =>
        given.has(name) ? [] : [[name, own] as const],
      ),
    ),
  )
}

/** A table in a statement, and what a column is qualified with to be of it. */
type Mention = { table: string; aliases: readonly string[] }
/** What is between two parentheses, from one UNION to the next. */
type Part = {
  mentions: Mention[]
  inserts: boolean
  defines: boolean
  before: Part | undefined
  around: Part | undefined
}
type Use = { at: number; resolve: () => string | undefined }

const SEPARATORS = ['UNION', 'EXCEPT', 'INTERSECT']
/** What stands before a name that is none of a column. */
const NO_COLUMN = ['AS', 'TO', 'SCHEMA', 'INDEX', 'CONSTRAINT', 'ROLE', 'AUTHORIZATION', 'TRIGGER']
/** What may follow a table, and is no alias of it. Others do no harm as one. */
const NO_ALIAS = ['SET', 'WHERE', 'ON', 'USING', 'VALUES', 'RETURNING', 'ORDER', 'FOR', 'TO', 'DEFAULT']

class Reader {
  readonly #tokens: readonly Token[]
  readonly #schema: string
  readonly #names: Names
  /** By what the table is called here, and in the database: what is rendered stays as it is. */
  readonly #tables: ReadonlyMap<string, string>
  readonly #uses: Use[] = []
  readonly #found = new Set<string>()
  readonly #open: { part: Part; takesAll: boolean }[] = []
  #part: Part = newPart(undefined, undefined)
  #takesAll = false
  #next = 0

  constructor(tokens: readonly Token[], schema: string, names: Names) {
    this.#tokens = tokens
    this.#schema = schema
    this.#names = names
    const tables = Object.keys(TABLES)
    this.#tables = new Map(
      tables.flatMap((table) => [[table, table] as const, [tableIn(names, table), table] as const]),
    )
  }

  read() {
    while (this.#next < this.#tokens.length) this.#readOne()
    return { uses: this.#uses, tables: this.#found }
  }

  #readOne(): void {
    const at = this.#next
    const token = this.#tokens[at]
    this.#next = this.#after(at)
    if (token?.kind === 'name') this.#readName(at, token)
    if (isMark(token, '(')) this.#descend(at)
    if (isMark(token, ')')) this.#ascend()
    if (isMark(token, '*')) this.#takesAll ||= isWord(this.#before(at), 'SELECT') || isMark(this.#before(at), '.')
    if (isWord(token, 'INSERT')) this.#part.inserts = true
    // These are about the table that is inserted into, not about what the rows come from.
    if (isWord(token, 'CONFLICT', 'RETURNING') && this.#part.before?.inserts) this.#part = this.#part.before
    if (isMark(token, ';') || isWord(token, ...SEPARATORS) || (isWord(token, 'SELECT') && this.#part.inserts)) {
      this.#part = newPart(this.#part.around, this.#part)
    }
  }

  /** `AS x ("column" type)` says what the columns of x are called, where x is no table. */
  #defines(at: number): boolean {
    const [alias, as] = [this.#before(at), this.#beforeThat(at)]
    const name = alias?.kind === 'word' ? alias.text.toLowerCase() : undefined
    return name !== undefined && isWord(as, 'AS') && !find(this.#part, ({ aliases }) => aliases.includes(name))
  }

  #descend(at: number): void {
    const defines = this.#defines(at)
    this.#open.push({ part: this.#part, takesAll: this.#takesAll })
    this.#part = { ...newPart(this.#part, undefined), defines }
    this.#takesAll = false
  }

  /** `(SELECT * FROM t) AS a`: a."column" is one of t. */
  #ascend(): void {
    const { mentions } = this.#part
    const all = this.#takesAll ? mentions : []
    const outer = this.#open.pop()
    this.#part = outer?.part ?? this.#part
    this.#takesAll = outer?.takesAll ?? false
    const alias = this.#alias(this.#next)
    if (alias !== undefined) this.#part.mentions.push(...all.map(({ table }) => ({ table, aliases: [alias] })))
  }

  #readName(at: number, token: Token): void {
    const before = this.#before(at)
    if (isMark(before, '.')) this.#readQualified(at, this.#beforeThat(at))
    else if (isMark(this.#tokens[this.#next], '.')) this.#readQualifier(at, unquoted(token))
    else if (!isWord(before, ...NO_COLUMN) && !this.#part.defines) this.#column(at, undefined)
  }

  /** `"schema"."table"` or `"table"."column"`. */
  #readQualifier(at: number, name: string): void {
    const then = this.#after(this.#next)
    const inner = this.#tokens[then]
    if (name === this.#schema && inner?.kind === 'name') {
      this.#readTable(then, unquoted(inner))
      return
    }
    // Without an alias a table's own name is what its columns are qualified with.
    const part = this.#part
    this.#uses.push({
      at,
      resolve: () => {
        const mention = find(part, ({ aliases }) => aliases.includes(name))
        return mention && this.#tables.get(name) === mention.table && mention.aliases.length > 1
          ? tableIn(this.#names, mention.table)
          : undefined
      },
    })
  }

  #readTable(at: number, name: string): void {
    const table = this.#tables.get(name)
    this.#next = this.#after(at)
    if (table === undefined) return
    this.#uses.push({ at, resolve: () => tableIn(this.#names, table) })
    this.#found.add(table)
    if (isMark(this.#tokens[this.#next], '.')) {
      const column = this.#after(this.#next)
      this.#next = this.#after(column)
      if (this.#tokens[column]?.kind !== 'name') return
      this.#uses.push({ at: column, resolve: () => this.#columnOf(table, column) })
      return
    }
    const alias = this.#alias(this.#next)
    const aliases = alias === undefined ? [table, tableIn(this.#names, table)] : [alias]
    this.#part.mentions.push({ table, aliases })
  }

  /** An alias is read here, so that it is taken for no column. */
  #alias(from: number): string | undefined {
    const isNamed = isWord(this.#tokens[from], 'AS')
    const at = isNamed ? this.#after(from) : from
    const token = this.#tokens[at]
    if (token?.kind === 'name') {
      this.#next = this.#after(at)
      return unquoted(token)
    }
    if (token?.kind !== 'word' || isWord(token, ...NO_ALIAS)) return undefined
    return token.text.toLowerCase()
  }

  #readQualified(at: number, qualifier: Token | undefined): void {
    if (qualifier?.kind === 'name') this.#column(at, unquoted(qualifier))
    else if (qualifier?.kind === 'word') this.#column(at, qualifier.text.toLowerCase())
  }

  #column(at: number, qualifier: string | undefined): void {
    const part = this.#part
    const token = this.#tokens[at]
    const column = token ? unquoted(token) : ''
    const hasIt = ({ table }: Mention) => columnsOf(this.#names, table).includes(column)
    // The row of a trigger, and of an INSERT that meets another.
    const isTarget = qualifier !== undefined && ['new', 'old', 'excluded'].includes(qualifier)
    const isMeant = ({ aliases }: Mention) => qualifier === undefined || isTarget || aliases.includes(qualifier)
    this.#uses.push({
      at,
      resolve: () => {
        const mention = find(part, (one) => isMeant(one) && hasIt(one))
        return mention && this.#columnOf(mention.table, at)
      },
    })
  }

  #columnOf(table: string, at: number): string | undefined {
    const token = this.#tokens[at]
    return token && columnIn(this.#names, table, unquoted(token))
  }

  #after(at: number): number {
    let next = at + 1
    while (this.#tokens[next]?.kind === 'other' && /^(?:\s|--|\/\*)/.test(this.#tokens[next]?.text ?? '')) next++
    return next
  }

  #before(at: number): Token | undefined {
    return this.#tokens[this.#indexBefore(at)]
  }

  #beforeThat(at: number): Token | undefined {
    return this.#tokens[this.#indexBefore(this.#indexBefore(at))]
  }

  #indexBefore(at: number): number {
    let index = at - 1
    while (this.#tokens[index]?.kind === 'other' && /^(?:\s|--|\/\*)/.test(this.#tokens[index]?.text ?? '')) index--
    return index
  }
}

const newPart = (around: Part | undefined, before: Part | undefined): Part => ({
  mentions: [],
  inserts: false,
  defines: false,
  before,
  around,
})

/** The nearest: in this part, in those before it, then around them. */
function find(part: Part, isIt: (mention: Mention) => boolean): Mention | undefined {
  for (let near: Part | undefined = part; near; near = near.before) {
    const mention = near.mentions.find(isIt)
    if (mention) return mention
  }
  return part.around && find(part.around, isIt)
}
