import type { JsonForm } from './json.ts'

type Form = JsonForm | 'sql' | 'csv'

/** Enough to see what it is. */
const ENOUGH = 64 * 1024
const SQL =
  /^(?:--|\/\*|\\(?:restrict|connect)\b|(?:SET|PRAGMA|BEGIN|START|CREATE|INSERT|REPLACE|COPY|DROP|USE|ALTER|LOCK)\s)/i

/** What form a text has, by its beginning: names of files say little. */
export async function formOf(pieces: AsyncGenerator<string>): Promise<{ form: Form; pieces: AsyncIterable<string> }> {
  let head = ''
  while (head.length < ENOUGH) {
    const next = await pieces.next()
    if (next.done) break
    head += next.value
  }
  return { form: look(head.trimStart()), pieces: chained(head, pieces) }
}

function look(head: string): Form {
  if (head.startsWith('[')) return 'array'
  if (head.startsWith('{')) return isObject(head) ? 'object' : 'lines'
  return SQL.test(head) ? 'sql' : 'csv'
}

/** One object with lists in it, or an object in each line? */
function isObject(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '')
  try {
    const value = JSON.parse(first) as Record<string, unknown>
    return !second.startsWith('{') && Array.isArray(value.users)
  } catch {
    // Its first line is no whole value, so it goes on in the next one. A very long first line is either: `{"users":[` tells.
    return !(head.length >= ENOUGH && second === '' && !/^\{\s*"(?:users|id|realm)"\s*:/.test(head))
  }
}

async function* chained(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}
