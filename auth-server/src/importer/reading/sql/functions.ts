import { isSign } from './names.ts'
import type { Token } from './tokens.ts'

type Evaluate = (tokens: readonly Token[]) => string | null | undefined

/** What sqlite3's `.dump` puts around text with line breaks: replace, char, and unistr since 3.50. undefined: no such call. */
export function callOf(tokens: readonly Token[], evaluate: Evaluate): string | undefined {
  const [name, open] = tokens
  if (name?.kind !== 'word' || !isSign(open, '(') || !isSign(tokens.at(-1), ')')) return undefined
  const values = argumentsOf(tokens.slice(2, -1)).map(evaluate)
  const given = values.filter((value) => typeof value === 'string')
  return given.length === values.length ? CALLS[name.text.toLowerCase()]?.(given) : undefined
}

const CALLS: Record<string, (given: string[]) => string | undefined> = {
  // Text that grows could become any length.
  replace: ([text = '', from = '', to = '']) =>
    from === '' || to.length > from.length ? undefined : text.replaceAll(from, () => to),
  char: ([code = '']) => (/^\d{1,3}$/.test(code) ? String.fromCharCode(Number(code)) : undefined),
  unistr: ([text = '']) =>
    text.replace(ESCAPE, (_, ...digits: unknown[]) => {
      const code = digits.slice(0, 4).find((found) => typeof found === 'string') ?? '5c'
      return String.fromCodePoint(Math.min(Number.parseInt(String(code), 16), 0x10ffff))
    }),
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|U([0-9a-fA-F]{8})|([0-9a-fA-F]{4})|\\)/g

/** What stands between the commas, but for those of calls inside. */
function argumentsOf(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isSign(token, '(')) depth += 1
    if (isSign(token, ')')) depth -= 1
    if (depth === 0 && isSign(token, ',')) found.push([])
    else found.at(-1)?.push(token)
  }
  return found
}
