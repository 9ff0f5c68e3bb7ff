import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'

/** Variables that are made up at random, unless the example already gives them a value. */
export const secrets = [
  'BETTER_AUTH_SECRET',
  'INTERNAL_TOKEN',
  'ENCRYPTION_KEYS',
  'POSTGRES_PASSWORD',
  'AUTH_DB_PASSWORD',
  'BACKEND_DB_PASSWORD',
  'BACKEND_OWNER_DB_PASSWORD',
  'DEMO_PASSWORD',
]

export type Variables = Record<string, string>

export type EnvLines = {
  values: Record<string, string>
  /** One for each line that cannot be read, with its number and never with its value. */
  errors: string[]
}

export function readEnvFile(path: string): EnvLines {
  return parseEnvLines(readFileSync(path, 'utf8'))
}

/** The example's text with random secrets and `overrides` in place of its values; comments stay. */
export function fillIn(example: string, overrides: Variables = {}): string {
  return example.replace(/^([A-Z][A-Z0-9_]*)=(.*)$/gm, (line, name: string, value: string) => {
    if (overrides[name] !== undefined) return `${name}=${overrides[name]}`
    return secrets.includes(name) && value === '' ? `${name}=${randomSecret(name)}` : line
  })
}

/** The lines for secrets that a newer example has and the file lacks: to be appended, since no line is ever changed. */
export function missingSecrets(example: Variables, file: Variables): Variables {
  const missing = secrets.filter((name) => example[name] === '' && file[name] === undefined)
  return Object.fromEntries(missing.map((name) => [name, randomSecret(name)]))
}

/** Appends them. The file is read by its owner only, and stays so. */
export function appendVariables(path: string, variables: Variables): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  if (lines.length === 0) return
  const isEnded = /(^|\n)$/.test(readFileSync(path, 'utf8'))
  appendFileSync(path, (isEnded ? '' : '\n') + lines.join(''))
}

/** The password is typed by hand, the others never are. All are safe in a URL, a shell and a .env file. */
export function randomSecret(name: string): string {
  if (name === 'ENCRYPTION_KEYS') return `1:${randomBytes(32).toString('hex')}`
  return name === 'DEMO_PASSWORD' ? randomBytes(9).toString('hex') : randomBytes(32).toString('hex')
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/
const quoted = /^(["'`])(.*?)\1\s*(?:#.*)?$/

/**
 * NAME=value lines as editors and shells leave them: `export`, quotes, comments, CRLF, a byte order mark. A line that is
 * none is named, where Node's own parser would join it with the next one and lose both.
 */
export function parseEnvLines(text: string): EnvLines {
  if (text.includes('\0')) return { values: {}, errors: ['is not UTF-8 text: save it as UTF-8'] }
  const values: Record<string, string> = {}
  const errors: string[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const read = readLine(line.trim())
    if (read === undefined) continue
    if (typeof read === 'string') errors.push(`line ${index + 1} ${read}`)
    else values[read.name] = read.value
  }
  return { values, errors }
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
