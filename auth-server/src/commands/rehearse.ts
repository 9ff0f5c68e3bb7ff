import type { Env } from '../env.ts'
import { UsageError } from '../errors.ts'
import { type ImportOptions, readOptions } from '../importer/options.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { createTerminal } from '../importer/terminal.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import type { Command } from './command.ts'

const END_CONNECTIONS = '--end-connections'
const USAGE = `rehearse [${END_CONNECTIONS}] [--from SYSTEM FILE|URL and other options of import]`

/** Tries migrations, and an import, on a copy of the database: docs/moving-in.md. */
export const command: Command = {
  usage: USAGE,
  // Their errors say more than yes or no.
  takes: () => true,
  run: async (env, args) => {
    process.exitCode = await run(env, args)
  },
}

async function run(env: Env, args: string[]): Promise<number> {
  const terminal = createTerminal(process.stdout, process.stdin)
  if (args.includes('--help')) {
    terminal.say(
      `Tries migrations, and an import, on a copy of the database.\n\n  ${USAGE}\n\nAll of it: docs/moving-in.md`,
    )
    return 0
  }
  const options = importOptions(args.filter((arg) => arg !== END_CONNECTIONS))
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      terminal.say(`\n  ${signal}: the copy is dropped`)
      interruption.abort(new Error('interrupted'))
    })
  }
  return rehearse({
    env,
    terminal,
    options,
    signal: interruption.signal,
    endsConnections: args.includes(END_CONNECTIONS),
  })
}

/** undefined: migrations alone. */
function importOptions(args: string[]): ImportOptions | undefined {
  const [first, , ...rest] = args
  if (args.length === 0 || (first === '--relative-to' && rest.length === 0)) return undefined
  const wanted = readOptions(args, SYSTEMS)
  if (wanted.act !== 'import') throw new UsageError(`nothing but an import can be rehearsed: ${USAGE}`)
  return wanted.options
}
