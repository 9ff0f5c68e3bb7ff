import type { Env } from '../env.ts'
import { importUsers } from '../importer/import-users.ts'
import { inputsOf } from '../importer/inputs.ts'
import { readOptions } from '../importer/options.ts'
import { openExport } from '../importer/reading/open.ts'
import { showRuns } from '../importer/runs.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { createTerminal } from '../importer/terminal.ts'
import { undo } from '../importer/undo.ts'
import { usage } from '../importer/usage.ts'
import type { Command } from './command.ts'

/** Brings users of another system here: docs/moving-in.md. Exits 1 where something is to be decided. */
export const command: Command = {
  usage: 'import --from SYSTEM FILE…|URL [--apply]',
  // Their errors say more than yes or no.
  takes: () => true,
  run: async (env, args) => {
    process.exitCode = await run(env, args)
  },
}

async function run(env: Env, args: string[]): Promise<number> {
  const wanted = readOptions(args, SYSTEMS)
  const terminal = createTerminal(process.stdout, process.stdin)
  if (wanted.act === 'runs') return showRuns({ env, terminal })
  if (wanted.act === 'undo') return undo({ env, terminal, ...wanted })
  if (wanted.act === 'help') {
    terminal.say(usage(SYSTEMS))
    return 0
  }
  const { options } = wanted
  return importUsers({
    ...{ env, options, terminal },
    open: (given) => openExport({ ...given, inputs: inputsOf(options) }),
  })
}
