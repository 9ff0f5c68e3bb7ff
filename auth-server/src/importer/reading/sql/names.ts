import type { Dialect, Token } from './tokens.ts'

export type TableName = { schema: string | null; name: string }
/** A name, and where the tokens go on behind it. */
type Found<Value> = { value: Value; next: number }

/** `a`, `"A"`, `a.b` and `a.b.c`. undefined where no name stands. */
export function tableNameAt(tokens: readonly Token[], at: number, dialect: Dialect): Found<TableName> | undefined {
  const parts: string[] = []
  let next = at
  for (;;) {
    const part = nameOf(tokens[next], dialect)
    if (part === undefined) return undefined
    parts.push(part)
    next += 1
    if (!isSign(tokens[next], '.')) break
    next += 1
  }
  return { value: { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }, next }
}

/** `(a, "B", c)`. undefined where no list stands. */
export function nameListAt(tokens: readonly Token[], at: number, dialect: Dialect): Found<string[]> | undefined {
  if (!isSign(tokens[at], '(')) return undefined
  const names: string[] = []
  for (let next = at + 1; next < tokens.length; next += 1) {
    if (isSign(tokens[next], ')')) return { value: names, next: next + 1 }
    const name = nameOf(tokens[next], dialect)
    if (name !== undefined) names.push(name)
    else if (!isSign(tokens[next], ',')) return undefined
  }
  return undefined
}

/** An identifier without quotes is lower-case in PostgreSQL. */
export function nameOf(token: Token | undefined, dialect: Dialect): string | undefined {
  if (token?.kind === 'name') return token.text
  if (token?.kind !== 'word') return undefined
  return dialect === 'postgres' ? token.text.toLowerCase() : token.text
}

export const isSign = (token: Token | undefined, sign: string) => token?.kind === 'sign' && token.text === sign

export function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase())
}
