import { ExportError } from '../export-error.ts'
import { pageOf } from './documents.ts'
import type { JsonForm } from './json.ts'

type Form = JsonForm | 'sql' | 'csv'

/** Enough to see what it is. */
const ENOUGH = 64 * 1024
const SQL =
  /^(?:--|\/\*|\\(?:restrict|connect)\b|(?:SET|PRAGMA|BEGIN|START|CREATE|INSERT|REPLACE|COPY|DROP|USE|ALTER|LOCK)\s)/i

/** What a shell put before a dump with `2>&1`, and comments of MySQL, which some plugins of WordPress begin with. */
const BEFORE_SQL = /^(?:(?:mysqldump|mariadb-dump|pg_dump|Warning): .*|#.*)?\r?\n/i

/** Texts that people hand over, which are read nowhere. */
const OTHERS: [beginning: RegExp, what: string][] = [
  [
    /^<\?xml|^<django-objects/i,
    'this is XML. Write JSON, SQL or CSV: manage.py dumpdata --format json, mysqldump without --xml',
  ],
  [/^<(?:!doctype|html)\b/i, 'this is a web page, such as one that asks to sign in: download the export again'],
  [/^(?:---\s*\n)?- +[\w"]+:/, 'this is YAML. Write JSON: manage.py dumpdata --format json, or --output json'],
  [/^[+|][-+|]{3}.*\n\|/, 'this is a table for people, as mysql prints it. Write it with mysqldump, or mysql --batch'],
  [/^version https:\/\/git-lfs/, 'this is a pointer of Git LFS, not the file: git lfs pull'],
  [
    /^(?:mysqldump|mariadb-dump|pg_dump|pg_restore): /,
    'this is a message of the program that should have written the export',
  ],
]

/** What form a text has, by its beginning: names of files say little. */
export async function formOf(
  file: string,
  pieces: AsyncGenerator<string>,
): Promise<{ form: Form; pieces: AsyncIterable<string> }> {
  let head = ''
  while (head.length < ENOUGH) {
    const next = await pieces.next()
    if (next.done) break
    head += next.value
  }
  const form = look(head.trimStart())
  const other = form === 'csv' ? OTHERS.find(([beginning]) => beginning.test(head.trimStart())) : undefined
  if (other !== undefined) throw new ExportError(other[1], { file, line: 1 })
  return { form, pieces: chained(head, pieces) }
}

function look(head: string): Form {
  if (head.startsWith('[')) return 'array'
  if (head.startsWith('{')) return isObject(head) ? 'object' : 'lines'
  return SQL.test(withoutMessages(head)) ? 'sql' : 'csv'
}

function withoutMessages(head: string): string {
  let text = head
  for (let found = BEFORE_SQL.exec(text); found; found = BEFORE_SQL.exec(text)) text = text.slice(found[0].length)
  return text
}

/** One object with lists in it, or an object in each line? */
function isObject(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '')
  try {
    const value = JSON.parse(first) as Record<string, unknown>
    return !second.startsWith('{') && pageOf(value) !== undefined
  } catch {
    // Its first line is no whole value, so it goes on in the next one. A very long first line is either: `{"users":[` tells.
    return !(head.length >= ENOUGH && second === '' && !/^\{\s*"(?:users|Users|data|id|realm)"\s*:/.test(head))
  }
}

async function* chained(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}
