import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type EnvLines, parseEnvLines } from './env-lines.ts'

/** Variables that are made up at random, unless the example already gives them a value. */
export const secrets = [
  'BETTER_AUTH_SECRET',
  'INTERNAL_TOKEN',
  'POSTGRES_PASSWORD',
  'AUTH_DB_PASSWORD',
  'BACKEND_DB_PASSWORD',
  'BACKEND_OWNER_DB_PASSWORD',
  'DEMO_PASSWORD',
]

export type Variables = Record<string, string>

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
  const isEnded = /(^|\n)$/.test(readFileSync(path, 'utf8'))
  appendFileSync(path, (isEnded ? '' : '\n') + lines.join(''))
}

/** People type this one by hand; nobody types the others. All are safe in a URL, a shell and a .env file. */
function randomSecret(name: string): string {
  return name === 'DEMO_PASSWORD' ? randomBytes(9).toString('hex') : randomBytes(32).toString('hex')
}

/** Writes the file complete and readable by its owner only, or not at all. False if there is one already. */
export function createOnce(path: string, content: string): boolean {
  if (existsSync(path)) return false
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  const file = openSync(draft, 'w', 0o600)
  try {
    writeSync(file, content)
    fsyncSync(file)
    // Unlike rename, link refuses to replace what another run made meanwhile.
    linkSync(draft, path)
    return true
  } catch (error) {
    if (existsSync(path)) return false
    throw error
  } finally {
    closeSync(file)
    rmSync(draft, { force: true })
  }
}
