import { resolve } from 'node:path'
import type { Env } from '../env.ts'
import { type ImportOptions, readOptions } from '../importer/options.ts'
import { openExport } from '../importer/reading/open.ts'
import type { Input } from '../importer/system.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { usage } from '../importer/usage.ts'
import type { Command } from './command.ts'

/** Brings users of another system here: docs/moving-in.md. */
export const command: Command = {
  usage: 'import --from SYSTEM FILE|URL [--apply]',
  // Their errors say more than yes or no.
  takes: () => true,
  run: async (env, args) => {
    const wanted = readOptions(args, SYSTEMS)
    if (wanted.act === 'help') process.stdout.write(usage(SYSTEMS))
    if (wanted.act === 'import') process.stdout.write(await count(env, wanted.options))
  },
}

async function count(_env: Env, { system, from, folder, table }: ImportOptions): Promise<string> {
  const inputs: Input[] = [{ kind: 'file', path: resolve(folder, from), name: from, holds: 'users' }]
  const settings = { table, legacyKey: undefined, hashConfig: undefined, mapping: undefined }
  const { rows } = openExport({ system, inputs, settings, signal: new AbortController().signal })
  let read = 0
  for await (const _row of rows) read += 1
  return `${read} rows were read.\n`
}
