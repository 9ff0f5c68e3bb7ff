import { randomBytes } from 'node:crypto'
import {
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
import { parseEnv } from 'node:util'

/** Variables that are made up at random, unless the example already gives them a value. */
const secrets = [
  'BETTER_AUTH_SECRET',
  'INTERNAL_TOKEN',
  'POSTGRES_PASSWORD',
  'AUTH_DB_PASSWORD',
  'BACKEND_DB_PASSWORD',
  'DEMO_PASSWORD',
]

export type Variables = Record<string, string>

export function readEnvFile(path: string): Variables {
  const entries = Object.entries(parseEnv(readFileSync(path, 'utf8')))
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']))
}

/** The example's text with random secrets and `overrides` in place of its values; comments stay. */
export function fillIn(example: string, overrides: Variables = {}): string {
  return example.replace(/^([A-Z][A-Z0-9_]*)=(.*)$/gm, (line, name: string, value: string) => {
    if (overrides[name] !== undefined) return `${name}=${overrides[name]}`
    return secrets.includes(name) && value === '' ? `${name}=${randomSecret(name)}` : line
  })
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
