import { availableParallelism } from 'node:os'
import type { Command, UnreadCommand } from './commands/command.ts'
import { type CommandName, readEnv } from './env.ts'
import { ConfigurationError, UsageError } from './errors.ts'

/** EX_CONFIG of sysexits.h: restarting does not help, the operator must change something. */
const EXIT_CONFIGURATION = 78
/** EX_USAGE */
const EXIT_USAGE = 64

/** Each loaded when it is called: the running server needs none of the others. */
const COMMANDS: Record<CommandName, () => Promise<{ command: Command | UnreadCommand }>> = {
  serve: () => import('./commands/serve.ts'),
  migrate: () => import('./commands/migrate.ts'),
  'setup-database': () => import('./commands/setup-database.ts'),
  'make-admin': () => import('./commands/make-admin.ts'),
  'check-config': () => import('./commands/check-config.ts'),
  'rotate-keys': () => import('./commands/rotate-keys.ts'),
  import: () => import('./commands/import.ts'),
  doctor: () => import('./commands/doctor.ts'),
  rehearse: () => import('./commands/rehearse.ts'),
  schema: () => import('./commands/schema.ts'),
}

async function main(name = 'serve', ...options: string[]): Promise<void> {
  // Read by libuv when its first thread starts. As many passwords are hashed at once as there are cores; files and
  // name look-ups must not wait behind them.
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)
  if (!isCommand(name)) throw new ConfigurationError([`unknown command; known are ${Object.keys(COMMANDS).join(', ')}`])
  const { command } = await COMMANDS[name]()
  if (!command.takes(options)) throw new ConfigurationError([`unknown options for ${name}; usage: ${command.usage}`])
  if ('runUnread' in command) await command.runUnread(process.env, options)
  else await command.run(readEnv(process.env, name), options)
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)

main(...process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`auth-server: ${reason(error)}\n`)
  process.exit(exitCodeOf(error))
})

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return EXIT_CONFIGURATION
  return error instanceof UsageError ? EXIT_USAGE : 1
}

/** For the operator's terminal: no stack. Node's connection errors have a code and sometimes no message. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const cause = error.cause === undefined ? '' : `\n  because: ${reason(error.cause)}`
  return `${error.message || error.name}${code}${cause}`
}
