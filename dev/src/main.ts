import { environment } from './env.ts'
import { CannotContinue, Interrupted } from './errors.ts'
import { listenForSignals, signalExitCode } from './processes/foreground.ts'
import { withPostgres } from './with-postgres.ts'

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args
  switch (command) {
    case 'with-postgres':
      return withPostgres(commandAfterDashes(rest), environment, listenForSignals())
    default:
      throw new CannotContinue(`Unknown command: ${command ?? '(none)'}`, 64)
  }
}

function commandAfterDashes(args: string[]): string[] {
  const command = args.slice(args.indexOf('--') + 1)
  if (!args.includes('--') || command.length === 0) throw new CannotContinue('Say what to run: … -- COMMAND', 64)
  return command
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupted) return signalExitCode(error.signal)
  if (!(error instanceof CannotContinue)) throw error
  process.stderr.write(`${error.message}\n`)
  return error.exitCode
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeFor)
