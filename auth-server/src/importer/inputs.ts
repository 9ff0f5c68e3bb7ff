import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Env } from '../env.ts'
import { ConfigurationError, UsageError } from '../errors.ts'
import type { ImportOptions } from './options.ts'
import type { Input, Settings } from './system.ts'

/** Hash parameters, a mapping: nobody writes more by hand. */
const MAX_SETTING_BYTES = 1_000_000

export const isAddress = (from: string) => /^[a-z][a-z0-9+]*:\/\//i.test(from)

/** The export, and the second file where there is one. */
export function inputsOf({ from, folder, files }: ImportOptions): Input[] {
  const first: Input = isAddress(from)
    ? { kind: 'database', url: from }
    : { kind: 'file', path: resolve(folder, from), name: from, holds: 'users' }
  if (files.passwords === undefined) return [first]
  return [first, { kind: 'file', path: resolve(folder, files.passwords), name: files.passwords, holds: 'passwords' }]
}

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
