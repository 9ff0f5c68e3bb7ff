import { admin } from './commands/admin.ts'
import { backup } from './commands/backup.ts'
import { down } from './commands/down.ts'
import { logs } from './commands/logs.ts'
import { migrate } from './commands/migrate.ts'
import { psql } from './commands/psql.ts'
import { reset } from './commands/reset.ts'
import { runService } from './commands/run.ts'
import { seed } from './commands/seed.ts'
import { status } from './commands/status.ts'
import { up } from './commands/up.ts'
import { developmentSettings } from './context.ts'
import { control } from './control.ts'
import { developmentLock } from './development.ts'
import { chosenEmail, chosenFile, chosenService, chosenSql, environment, isColourWanted, isSure } from './env.ts'
import { CannotContinue, Interrupted } from './errors.ts'
import { type Interruption, listenForSignals, signalExitCode } from './processes/foreground.ts'
import { withLock } from './processes/lock.ts'
import { createTerminal } from './terminal/terminal.ts'
import { withPostgres } from './with-postgres.ts'
import { modeOption, withStack } from './with-stack.ts'

type Command = (args: string[], signals: Interruption) => Promise<number | undefined>

const terminal = createTerminal(process.stdout, isColourWanted(process.stdout))
const problems = createTerminal(process.stderr, isColourWanted(process.stderr))
/** Only `up` tells what it finds to say about .env: what the others print may be read by a program. */
const inspected = (note: (text: string) => void = () => undefined) => developmentSettings(environment, note)
/** A mistake in .env is no reason not to stop a stack or to look at it. */
const settings = () => inspected().settings
const logOutput = { write: print, isColoured: isColourWanted(process.stdout) }

const commands: Record<string, Command> = {
  up: (_, { signal }) => alone(signal, () => up(inspected(terminal.progress.note), environment, terminal, signal)),
  down: (_, { signal }) => alone(signal, () => down(settings(), environment, terminal)),
  reset: (_, { signal }) => alone(signal, () => reset(settings(), environment, terminal, isSure)),
  migrate: (_, { signal }) => alone(signal, () => migrate(inspected(), environment, terminal, signal)),
  seed: () => seed(settings(), terminal),
  psql: (_, signals) => psql(chosenSql, settings(), environment, signals),
  backup: (_, signals) => backup(chosenFile, settings(), environment, { terminal, signals }),
  admin: (_, { signal }) => admin(chosenEmail, settings(), environment, { terminal, signal }),
  run: ([service = ''], signals) =>
    runService(service, settings(), environment, { note: problems.progress.note, signals }),
  status: () => status(settings(), environment, terminal),
  logs: (_, { signal }) => logs(chosenService, settings(), environment, logOutput, signal),
  control: (args) => control(args, environment, print),
  'with-postgres': (args, signals) => withPostgres(split(args).command, environment, signals),
  'with-stack': (args, signals) => {
    const { options, command } = split(args)
    const note = problems.progress.note
    return withStack({ mode: modeOption(options), command, shell: environment, signals, note })
  },
}

/** Two of these at once would undo each other's work. */
function alone(signal: AbortSignal, work: () => Promise<undefined>): Promise<undefined> {
  const onWait = (pid: number) => terminal.progress.note(`waiting for another make (pid ${pid}) to finish`)
  return withLock(developmentLock, { signal, onWait }, work)
}

/** `OPTIONS -- COMMAND` */
function split(args: string[]): { options: string[]; command: string[] } {
  const dashes = args.indexOf('--')
  const command = args.slice(dashes + 1)
  if (dashes < 0 || command.length === 0) throw new CannotContinue('Say what to run: … -- COMMAND', 64)
  return { options: args.slice(0, dashes), command }
}

function print(text: string): undefined {
  process.stdout.write(text)
}

async function main([name = '', ...args]: string[]): Promise<number> {
  const command = commands[name]
  if (!command)
    throw new CannotContinue(`Usage: node --import tsx dev/src/main.ts ${Object.keys(commands).join(' | ')}`, 64)
  return (await command(args, listenForSignals())) ?? 0
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupted) {
    problems.progress.note('interrupted')
    return signalExitCode(error.signal)
  }
  if (isForbidden(error)) {
    problems.say(
      `\n${problems.paint.red('✗')} ${error.path} belongs to another user. Was make run as root here before?\n`,
    )
    return 1
  }
  if (!(error instanceof CannotContinue)) throw error
  problems.say(`\n${problems.paint.red('✗')} ${error.message}\n`)
  return error.exitCode
}

function isForbidden(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && error.code === 'EACCES' && 'path' in error
}

// `make logs | head`: nobody reads any more, which is no error.
process.stdout.on('error', () => process.exit(0))
process.exitCode = await main(process.argv.slice(2)).catch(exitCodeFor)
