import { MAX_VALUE_CHARACTERS } from '../bounds.ts'

/** `mysql` also stands for MariaDB. */
export type Dialect = 'postgres' | 'mysql' | 'sqlite'

/** `name`: a quoted identifier. `bytes`: a hexadecimal literal, as its digits. `bits`: as its digits. */
export type Token = { kind: 'word' | 'name' | 'text' | 'number' | 'bytes' | 'bits' | 'sign'; text: string }

/** What is open at the end of a line: a string, a quoted name, a comment. */
export type Open = {
  until: string
  kind: Token['kind'] | undefined
  /** Whose escapes it may have; undefined: a backslash is a backslash. */
  escapes: Dialect | undefined
  parts: string[]
  length: number
}

const NEXT =
  /\s+|--.*|\/\*|[eE]'|[xX]'|[bB]'|[nN]'|'|"|`|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[A-Za-z_@\u0080-\uffff][\w$@\u0080-\uffff]*|0[xX][0-9a-fA-F]+|\d[\w.]*(?:(?<=[eE])[+-]\d+)?|./sy

/**
 * The tokens of one line. `open` is what the line before left open; what this one leaves open is returned with the tokens.
 * MySQL's conditional comments  are passed over: they hold settings, triggers and views.
 */
export function tokensOf(line: string, dialect: Dialect, open: Open | undefined): { tokens: Token[]; open?: Open } {
  const tokens: Token[] = []
  let at = 0
  let begun = open
  for (;;) {
    if (begun !== undefined) {
      const end = endOf(line, at, begun)
      if (end === -1) return { tokens, open: begun }
      if (begun.kind !== undefined) tokens.push({ kind: begun.kind, text: begun.parts.join('') })
      at = end
      begun = undefined
    }
    if (at >= line.length) return { tokens }
    NEXT.lastIndex = at
    const found = NEXT.exec(line)?.[0] ?? ''
    at += found.length
    if (found.startsWith('#') && dialect === 'mysql') return { tokens }
    begun = begin(found, dialect)
    if (begun === undefined) pushPlain(tokens, found)
  }
}

function begin(found: string, dialect: Dialect): Open | undefined {
  const escapes = dialect === 'mysql' ? dialect : undefined
  if (found === '/*') return opened('*/', undefined)
  if (found === "'") return opened("'", 'text', escapes)
  if (found === '"') return escapes ? opened('"', 'text', escapes) : opened('"', 'name')
  if (found === '`') return opened('`', 'name')
  if (found.length === 2 && found.endsWith("'")) return beginPrefixed(found[0]?.toLowerCase(), escapes)
  return found.length > 1 && found.startsWith('$') ? opened(found, 'text') : undefined
}

function beginPrefixed(prefix: string | undefined, escapes: Dialect | undefined): Open {
  if (prefix === 'x') return opened("'", 'bytes')
  if (prefix === 'b') return opened("'", 'bits')
  return opened("'", 'text', prefix === 'e' ? 'postgres' : escapes)
}

function opened(until: string, kind: Token['kind'] | undefined, escapes?: Dialect): Open {
  return { until, kind, escapes, parts: [], length: 0 }
}

function pushPlain(tokens: Token[], found: string): void {
  const first = found[0] ?? ''
  if (found.trim() === '' || found.startsWith('--')) return
  if (/^0[xX]/.test(found)) tokens.push({ kind: 'bytes', text: found.slice(2) })
  else if (first >= '0' && first <= '9') tokens.push({ kind: 'number', text: found })
  else tokens.push({ kind: /[\w@\u0080-\uffff]/.test(first) ? 'word' : 'sign', text: found })
}

/** Behind the end of what is open, whose text is added to its parts. -1: it goes on in the next line. */
function endOf(line: string, from: number, open: Open): number {
  for (let at = from; ; ) {
    const end = line.indexOf(open.until, at)
    const text = line.slice(at, end === -1 ? undefined : end)
    const backslash = open.escapes === undefined ? -1 : text.indexOf('\\')
    if (backslash !== -1) {
      const [meant, length] = unescaped(line, at + backslash, open.escapes)
      add(open, text.slice(0, backslash) + meant)
      at += backslash + length
    } else if (end === -1) {
      add(open, `${text}\n`)
      return -1
    } else if (open.until.length === 1 && line[end + 1] === open.until) {
      add(open, text + open.until)
      at = end + 2
    } else {
      add(open, text)
      return end + open.until.length
    }
  }
}

function add(open: Open, text: string): void {
  // One more than is kept, so that it is seen to be cut.
  if (open.kind === undefined || open.length > MAX_VALUE_CHARACTERS) return
  open.parts.push(text)
  open.length += text.length
}

const SIGNS: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
const ONLY_MYSQL: Record<string, string> = { Z: '\u001a', '0': '\0' }
const BY_NUMBER = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,2}))/

/** The text of an escape, and how many characters of the line it takes. */
function unescaped(line: string, at: number, dialect: Dialect | undefined): [text: string, length: number] {
  const next = line[at + 1] ?? ''
  if (dialect === 'mysql') return [ONLY_MYSQL[next] ?? SIGNS[next] ?? next, 2]
  const [found = '', short, long, byte] = BY_NUMBER.exec(line.slice(at, at + 10)) ?? []
  const code = Number.parseInt(short ?? long ?? byte ?? '', 16)
  if (code <= 0x10ffff) return [String.fromCodePoint(code), found.length]
  return [SIGNS[next] ?? next, 2]
}
