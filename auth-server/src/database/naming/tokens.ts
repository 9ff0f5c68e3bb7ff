/** The tokens that renaming needs: a name in double quotes, a word, punctuation, and strings, numbers and comments, which have no names in them. */
export type Token = { kind: 'name' | 'word' | 'mark' | 'other'; text: string }

/** Literals, parameters, comments and the bodies of functions are one `other` each: nothing in them is a name. */
const TOKEN =
  /(?<name>"(?:[^"]|"")*")|(?<other>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|(?<tag>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<tag>|--[^\n]*|\/\*[\s\S]*?\*\/|\s+|\$\d+)|(?<word>[A-Za-z_]\w*)|(?<mark>[\s\S])/g

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: token, groups = {} }) => {
    if (groups.name !== undefined) return { kind: 'name', text: token }
    if (groups.word !== undefined) return { kind: 'word', text: token }
    return { kind: groups.mark === undefined ? 'other' : 'mark', text: token }
  })
}

export const unquoted = ({ text }: Token) => text.slice(1, -1).replaceAll('""', '"')
export const isMark = (token: Token | undefined, text: string) => token?.kind === 'mark' && token.text === text
export const isWord = (token: Token | undefined, ...words: string[]) =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase())

/** What a statement itself calls its columns: that is read back as it stands, also where the settings call a column so. */
export function givenNames(tokens: readonly Token[]): ReadonlySet<string> {
  const words = tokens.filter(({ kind, text }) => kind !== 'other' || text.trim() !== '')
  return new Set(
    words.flatMap((token, at) => (token.kind === 'name' && isWord(words[at - 1], 'AS') ? [unquoted(token)] : [])),
  )
}
