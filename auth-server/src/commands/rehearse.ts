import type { Env } from '../env.ts'
import { UsageError } from '../errors.ts'
import { type ImportOptions, readOptions } from '../importer/options.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { createTerminal } from '../importer/terminal.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import type { Command } from './command.ts'

const END_CONNECTIONS = '--end-connections'
/** The shell's convention for a process that SIGINT ended. */
const EXIT_INTERRUPTED = 130
const USAGE = `rehearse [${END_CONNECTIONS}] [--from SYSTEM FILE…|URL and other options of import]`

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
  const { signal } = interruption
  try {
    return await rehearse({ env, terminal, options, signal, endsConnections: args.includes(END_CONNECTIONS) })
  } catch (error) {
    // Whatever was under way has lost its database.
    if (signal.aborted) return EXIT_INTERRUPTED
    throw error
  }
}

/** undefined: migrations alone. */
function importOptions(args: string[]): ImportOptions | undefined {
  const [first, , ...rest] = args
  if (args.length === 0 || (first === '--relative-to' && rest.length === 0)) return undefined
  const wanted = readOptions(args, SYSTEMS)
  if (wanted.act !== 'import') throw new UsageError(`nothing but an import can be rehearsed: ${USAGE}`)
  return wanted.options
}
