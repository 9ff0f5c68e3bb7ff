import { isUtf8 } from 'node:buffer'
import { kept } from '../bounds.ts'
import { uuidOf } from '../uuid.ts'
import { callOf } from './functions.ts'
import { isSign, isWord } from './names.ts'
import type { Token } from './tokens.ts'

/** What one value of an INSERT is, as COPY would have it. undefined: an expression, whose value only the database knows. */
export function literalValue(tokens: readonly Token[]): string | null | undefined {
  const [first, second] = tokens
  if (first === undefined) return undefined
  if (first.kind === 'word' && first.text.startsWith('_') && second) return literalValue(tokens.slice(1))
  if (isWord(first, 'CAST') && isSign(second, '(')) return castOf(tokens)
  if (isSign(first, '-') && second?.kind === 'number')
    return isTypeOnly(tokens.slice(2)) ? `-${second.text}` : undefined
  if (isSign(second, '(')) return shortened(callOf(tokens, literalValue))
  if (!isTypeOnly(tokens.slice(1))) return undefined
  if (first.kind === 'word') return wordOf(first.text)
  return literalOf(first)
}

const shortened = (text: string | undefined) => (text === undefined ? undefined : kept(text))

/** `CAST('a' AS text)`. */
function castOf(tokens: readonly Token[]): string | null | undefined {
  const as = tokens.findIndex((token) => isWord(token, 'AS'))
  return as === -1 || !isType(tokens.slice(as + 1, -1)) ? undefined : literalValue(tokens.slice(2, as))
}

/** Nothing, or `::character varying(20)[]`. With an operator behind it, a literal is only a part of the value. */
function isTypeOnly([first, second, ...type]: readonly Token[]): boolean {
  return first === undefined || (isSign(first, ':') && isSign(second, ':') && type.length > 0 && isType(type))
}

function isType(tokens: readonly Token[]): boolean {
  return tokens.every(({ kind, text }) => kind !== 'text' && (kind !== 'sign' || '.,()[]'.includes(text)))
}

function wordOf(word: string): string | null | undefined {
  const upper = word.toUpperCase()
  // DEFAULT: of columns that the database computes.
  if (upper === 'NULL' || upper === 'DEFAULT') return null
  if (upper === 'TRUE') return 't'
  return upper === 'FALSE' ? 'f' : undefined
}

function literalOf({ kind, text }: Token): string | undefined {
  if (kind === 'text') return kept(text)
  if (kind === 'number') return text
  if (kind === 'bits') return String(Number.parseInt(text || '0', 2))
  return kind === 'bytes' ? textOfBytes(text) : undefined
}

/** mysqldump --hex-blob writes texts with a binary collation so. What is no text stays as PostgreSQL writes bytes. */
function textOfBytes(digits: string): string {
  const bytes = Buffer.from(digits, 'hex')
  if (bytes.length === 1 && (bytes[0] ?? 2) < 2) return String(bytes[0])
  // `binary(16)`, where MySQL has no type for it.
  if (bytes.length === 16 && !isUtf8(bytes)) return uuidOf(digits.toLowerCase())
  return isUtf8(bytes) && !bytes.includes(0) ? kept(bytes.toString('utf8')) : `\\x${digits.slice(0, 1024)}`
}
