import { availableParallelism } from 'node:os'
import { type Command, type Env, readEnv } from './env.ts'
import { ConfigurationError } from './errors.ts'
import { createLog } from './log.ts'
import { serve } from './serve.ts'

/** EX_CONFIG of sysexits.h: restarting does not help, the operator must change something. */
const EXIT_CONFIGURATION = 78

/** Prints the SQL that `migrate` would run, and changes nothing. */
const DRY_RUN = '--dry-run'

const COMMANDS: Record<Command, (env: Env, options: string[]) => Promise<void>> = {
  serve: (env) => serve(env, createLog(env)),
  // Loaded when asked for: the running server needs neither.
  migrate: async (env, options) => {
    const { migrate, migrationSql } = await import('./migrations/migrate.ts')
    if (options[0] !== DRY_RUN) return migrate(env, createLog(env))
    process.stdout.write(await migrationSql(env, createLog({ LOG_LEVEL: 'silent' })))
  },
  // `readEnv` has read and checked everything by then.
  'check-config': async () => void process.stdout.write('auth-server: the configuration can be used\n'),
  'make-admin': async (env, [email = '']) => {
    process.stdout.write(await (await import('./auth/make-admin.ts')).makeAdmin(env, email))
  },
  'setup-database': async (env) => (await import('./database/setup.ts')).setupDatabase(env, createLog(env)),
}

async function main(name = 'serve', ...options: string[]): Promise<void> {
  // Read by libuv when its first thread starts. As many passwords are hashed at once as there are cores; files and
  // name look-ups must not wait behind them.
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)
  if (!isCommand(name)) throw new ConfigurationError([`unknown command; known are ${Object.keys(COMMANDS).join(', ')}`])
  if (!takes(name, options)) {
    throw new ConfigurationError([
      `unknown options for ${name}; migrate knows ${DRY_RUN}, make-admin one e-mail address`,
    ])
  }
  await COMMANDS[name](readEnv(process.env, name), options)
}

function takes(name: Command, options: string[]): boolean {
  if (name === 'make-admin') return options.length <= 1
  return options.every((option) => name === 'migrate' && option === DRY_RUN)
}

const isCommand = (name: string): name is Command => Object.hasOwn(COMMANDS, name)

main(...process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`auth-server: ${reason(error)}\n`)
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1)
})

/** For the operator's terminal: no stack. Node's connection errors have a code and sometimes no message. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const cause = error.cause === undefined ? '' : `\n  because: ${reason(error.cause)}`
  return `${error.message || error.name}${code}${cause}`
}
