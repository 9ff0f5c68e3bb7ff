import { kept } from '../bounds.ts'

const SIGNS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The values of a line of COPY's text format. */
export function copyValues(line: string): (string | null)[] {
  const values = line.split('\t')
  return values.map((value) => {
    if (value === '\\N') return null
    return kept(value.includes('\\') ? unescaped(value) : value)
  })
}

/** Bytes that are written by their number are those of UTF-8. */
function unescaped(value: string): string {
  return value.replace(/(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+|\\(.)/gs, (found, sign?: string) => {
    if (sign !== undefined) return SIGNS[sign] ?? sign
    const numbers = found.split('\\').slice(1)
    const bytes = numbers.map((text) =>
      text.startsWith('x') ? Number.parseInt(text.slice(1), 16) : Number.parseInt(text, 8),
    )
    return Buffer.from(bytes).toString('utf8')
  })
}
