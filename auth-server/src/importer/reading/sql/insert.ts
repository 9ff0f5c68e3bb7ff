import { ExportError } from '../../export-error.ts'
import type { Place } from '../../system.ts'
import type { Tables } from '../tables.ts'
import { isSign } from './names.ts'
import type { Token } from './tokens.ts'
import { literalValue } from './values.ts'

/** More than a literal and its type have. */
const MAX_TOKENS = 24

const AGAIN = ', and only its database knows what it is: write the dump with pg_dump, mysqldump, or .dump of sqlite3'

type Table = ReturnType<Tables['open']>
type Taken = { values?: (string | null)[]; isEnded?: true }
export type Insert = ReturnType<typeof createInsert>

/** Takes what stands behind VALUES, token by token: a statement may have a million rows. */
export function createInsert(table: Table, columns: readonly string[], label: string) {
  let depth = 0
  let isBehindRows = false
  let value: Token[] = []
  let values: (string | null)[] = []

  function take(token: Token, place: Place): Taken {
    if (depth === 0) return between(token)
    if (isSign(token, '(') || isSign(token, '[')) depth += 1
    if (isSign(token, ')') || isSign(token, ']')) depth -= 1
    if (depth === 0) return endRow(place)
    if (depth === 1 && isSign(token, ',')) endValue(place)
    // Of what is not read only the places count, and an expression is not kept whole.
    else if (table.role && value.length <= MAX_TOKENS) value.push(token)
    return {}
  }

  function between(token: Token): Taken {
    if (isSign(token, ';')) return { isEnded: true }
    // ON CONFLICT (…), ON DUPLICATE KEY UPDATE …
    if (token.kind === 'word') isBehindRows = true
    if (isSign(token, '(') && !isBehindRows) depth = 1
    return {}
  }

  function endValue(place: Place): void {
    const found = table.role ? whatIs(value) : null
    if (found === undefined) {
      const column = columns[values.length] ?? 'a column'
      throw new ExportError(`the value of ${column} in ${label} is an expression${AGAIN}`, place)
    }
    values.push(found)
    value = []
  }

  function endRow(place: Place): Taken {
    endValue(place)
    const ended = values
    values = []
    if (table.role && ended.length !== columns.length) {
      throw new ExportError(`this row has ${ended.length} columns, and ${label} has ${columns.length}`, place)
    }
    return { values: ended }
  }

  return { take, table, columns, label }
}

const whatIs = (value: readonly Token[]) => (value.length > MAX_TOKENS ? undefined : literalValue(value))
