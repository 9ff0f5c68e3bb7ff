import { admin, authServer } from './commands/auth-server.ts'
import { backup, psql } from './commands/database.ts'
import { down, migrate, reset, up } from './commands/lifecycle.ts'
import { runService } from './commands/run.ts'
import { seed } from './commands/seed.ts'
import { logs, status } from './commands/status.ts'
import { developmentLock } from './development.ts'
import {
  callerFolder,
  chosenEmail,
  chosenFile,
  chosenService,
  chosenSql,
  environment,
  isColourWanted,
  isSure,
} from './env.ts'
import { CannotContinue, Interrupted } from './errors.ts'
import { withLock } from './processes/lock.ts'
import { type Interruption, listenForSignals, signalExitCode } from './processes/run.ts'
import { developmentSettings } from './settings/load.ts'
import { supervise } from './supervisor/host.ts'
import { createTerminal } from './terminal/terminal.ts'
import { control } from './throwaway/control.ts'
import { modeOption, withPostgres, withStack } from './throwaway/with.ts'

type Command = (args: string[], signals: Interruption) => Promise<number | undefined>

const shell = environment
const terminal = createTerminal(process.stdout, isColourWanted(process.stdout))
const problems = createTerminal(process.stderr, isColourWanted(process.stderr))
const print = (text: string) => void process.stdout.write(text)

/** A mistake in .env is no reason not to stop a stack or to look at it; and what is printed may be read by a program. */
const context = (signals: Interruption) => {
  return { inspected: developmentSettings(shell), shell, terminal, signals }
}

const commands: Record<string, Command> = {
  up: (_, signals) => alone(signals, () => up(context(signals))),
  down: (_, signals) => alone(signals, () => down(context(signals))),
  reset: (_, signals) => alone(signals, () => reset(context(signals), isSure)),
  migrate: (_, signals) => alone(signals, () => migrate(context(signals))),
  seed: (_, signals) => seed(context(signals)),
  psql: (_, signals) => psql(context(signals), chosenSql),
  backup: (_, signals) => backup(context(signals), chosenFile),
  admin: (_, signals) => admin(context(signals), chosenEmail),
  import: (args, signals) => authServer(context(signals), { name: 'import', args, folder: callerFolder }),
  doctor: (args, signals) => authServer(context(signals), { name: 'doctor', args }),
  rehearse: (args, signals) => authServer(context(signals), { name: 'rehearse', args, folder: callerFolder }),
  schema: (args, signals) => authServer(context(signals), { name: 'schema', args, folder: callerFolder }),
  run: ([service = ''], signals) => runService({ ...context(signals), terminal: problems }, service),
  status: (_, signals) => status(context(signals)),
  logs: (_, signals) => logs(context(signals), chosenService),
  control: (args) => control(args, shell, print),
  'with-postgres': (args, signals) => withPostgres({ command: split(args).command, shell, signals }),
  'with-stack': (args, signals) => {
    const { options, command } = split(args)
    return withStack(modeOption(options), { command, shell, signals }, problems.progress.note)
  },
}

/** Two of these at once would undo each other's work. */
function alone({ signal }: Interruption, work: () => Promise<undefined>): Promise<undefined> {
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

async function main([name = '', ...args]: string[]): Promise<number> {
  const command = commands[name]
  if (!command) throw new CannotContinue(`Usage: main.ts ${Object.keys(commands).join(' | ')}`, 64)
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

const [name, folder = '', version = ''] = process.argv.slice(2)
if (name === 'supervise') {
  await supervise(folder, version)
} else {
  // `make logs | head`: the reader has gone, which is no error.
  process.stdout.on('error', () => process.exit(0))
  process.exitCode = await main(process.argv.slice(2)).catch(exitCodeFor)
}
