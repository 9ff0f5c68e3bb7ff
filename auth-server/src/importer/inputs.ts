import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Env } from '../env.ts'
import { ConfigurationError, UsageError } from '../errors.ts'
import { type ImportOptions, isAddress } from './options.ts'
import type { Input, Settings } from './system.ts'

/** Hash parameters, a mapping: nobody writes more by hand. */
const MAX_SETTING_BYTES = 1_000_000

/** The export, and the second file where there is one. */
export function inputsOf({ from, more, folder, files, system }: ImportOptions): Input[] {
  if (isAddress(from)) return [{ kind: 'database', url: from }]
  const isTables = more.length > 0 && system.takes.includes('table')
  const named = [from, ...more].map((name) => ({ name, holds: isTables ? tableOf(name) : 'users' }))
  const passwords = files.passwords === undefined ? [] : [{ name: files.passwords, holds: 'passwords' }]
  return [...named, ...passwords].map((file) => ({ kind: 'file', path: resolve(folder, file.name), ...file }))
}

/** Of several files, each with a table: `export/accounts.csv.gz` has that of accounts. */
const tableOf = (name: string) => basename(name).replace(/(?<=.)\..*$/, '')

export async function readSettings(options: ImportOptions, env: Pick<Env, 'legacyKeys'>): Promise<Settings> {
  return {
    table: options.table,
    legacyKey: legacyKeyOf(options.legacyKey, env.legacyKeys),
    hashConfig: await readText('--hash-config', options.files['hash-config'], options.folder),
    mapping: await readText('--mapping', options.files.mapping, options.folder),
  }
}

function legacyKeyOf(number: string | undefined, keys: Env['legacyKeys']): Settings['legacyKey'] {
  if (number === undefined) return undefined
  const value = keys.get(number)
  if (value !== undefined) return { number, value }
  throw new ConfigurationError([
    `LEGACY_KEY_${number} is not set, and --legacy-key ${number} names it: it is needed here, and by every auth server`,
  ])
}

async function readText(option: string, name: string | undefined, folder: string): Promise<string | undefined> {
  if (name === undefined) return undefined
  const path = resolve(folder, name)
  try {
    const { size } = await stat(path)
    if (size > MAX_SETTING_BYTES) throw new UsageError(`${option} ${name}: more than ${MAX_SETTING_BYTES} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw new UsageError(`${option} ${name}: it cannot be read (${code})`)
  }
}
