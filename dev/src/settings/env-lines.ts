export type EnvLines = {
  values: Record<string, string>
  /** One for each line that cannot be read, with its number and never with its value. */
  faults: string[]
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/
const quoted = /^(["'`])(.*?)\1\s*(?:#.*)?$/

/**
 * NAME=value lines as editors and shells leave them: `export`, quotes, comments, CRLF, a byte order mark. A line that is
 * none is named, where Node's own parser would join it with the next one and lose both.
 */
export function parseEnvLines(text: string): EnvLines {
  if (text.includes('\0')) return { values: {}, faults: ['is not UTF-8 text: save it as UTF-8'] }
  const values: Record<string, string> = {}
  const faults: string[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const read = readLine(line.trim())
    if (read === undefined) continue
    if (typeof read === 'string') faults.push(`line ${index + 1} ${read}`)
    else values[read.name] = read.value
  }
  return { values, faults }
}

function readLine(line: string): { name: string; value: string } | string | undefined {
  if (line === '' || line.startsWith('#')) return undefined
  const [, name, rest = ''] = assignment.exec(line) ?? []
  if (name === undefined) return 'is not NAME=value (a comment starts with #)'
  if (!/^["'`]/.test(rest)) return { name, value: rest.replace(/(^|\s)#.*$/, '').trim() }
  const [, , value] = quoted.exec(rest) ?? []
  if (value === undefined) return `sets ${name} to a value whose quotes do not end with the line`
  return { name, value }
}
