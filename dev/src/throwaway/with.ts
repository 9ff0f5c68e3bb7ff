import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { chooseMode, recordMode } from '../development.ts'
import { machineEnvironment } from '../embedded/environment.ts'
import { embeddedDatabase, postgresSpec } from '../embedded/plan.ts'
import { CannotContinue } from '../errors.ts'
import { chooseAccount } from '../postgres/account.ts'
import { findBinaries } from '../postgres/binaries.ts'
import { openCluster, throwawaySettings } from '../postgres/cluster.ts'
import type { Interruption } from '../processes/run.ts'
import { program } from '../programs.ts'
import { demoOrigins } from '../provider/demo.ts'
import type { Mode, Settings } from '../settings/settings.ts'
import { type Stack, silent } from '../stack.ts'
import { Supervisor } from '../supervisor/supervisor.ts'
import { chooseSettings, keepLogs, makeFolder, openThrowaway, removeAbandoned, removeFolder } from './folder.ts'

type Run = { command: string[]; shell: NodeJS.ProcessEnv; signals: Interruption }

/** Runs the command with TEST_DATABASE_ADMIN_URL set to a PostgreSQL that exists only as long as the command runs. */
export async function withPostgres({ command, shell, signals }: Run): Promise<number> {
  const account = await chooseAccount(findBinaries())
  await removeAbandoned(shell)
  const folder = makeFolder()
  // The names of a stack's: what a killed run leaves is removed in one way.
  const cluster = openCluster({ folder: join(folder, 'postgres'), account, settings: throwawaySettings })
  const supervisor = new Supervisor(folder, '')
  try {
    const prepared = await cluster.prepare()
    await supervisor.ensure(postgresSpec({ machine: machineEnvironment(shell), folder }, prepared), signals.signal)
    return await signals.foreground({ command, env: { ...shell, TEST_DATABASE_ADMIN_URL: prepared.adminUrl } })
  } finally {
    await supervisor.end()
    await cluster.remove()
    removeFolder(folder)
  }
}

/** Runs the command beside a whole stack that exists only as long as the command runs. */
export async function withStack(
  mode: Mode,
  { command, shell, signals }: Run,
  note: (text: string) => void,
): Promise<number> {
  await chooseMode(mode, shell)
  await removeAbandoned(shell)
  const folder = makeFolder()
  const settings = await chooseSettings(folder, shell)
  recordMode(folder, mode)
  const stack = await openThrowaway(folder, mode, settings, shell)
  const explain = async () => note(`the services' logs are kept in ${await keepLogs(stack)}`)
  try {
    const begin = Date.now()
    await stack.up({ progress: silent, signal: signals.signal })
    note(`${mode} stack ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`)
    const code = await signals.foreground({ command, env: { ...shell, ...childEnvironment(folder, stack, settings) } })
    if (code !== 0) await explain()
    return code
  } catch (error) {
    if (!signals.signal.aborted) await explain()
    throw error
  } finally {
    await stack.remove()
    removeFolder(folder)
  }
}

/** `with-stack --mode compose -- …`; embedded unless said otherwise, since it needs nothing and starts fast. */
export function modeOption(args: string[]): Mode {
  const { values } = parseArgs({ args, options: { mode: { type: 'string', default: 'embedded' } } })
  if (values.mode === 'embedded' || values.mode === 'compose') return values.mode
  throw new CannotContinue('--mode is embedded or compose', 64)
}

/** Where the command beside the stack finds it. */
function childEnvironment(folder: string, stack: Stack, settings: Settings): Record<string, string> {
  const { ports, variables } = settings
  const everywhere = {
    STACK_MODE: stack.mode,
    STACK_AUTH_URL: `http://127.0.0.1:${ports.AUTH_PORT}`,
    STACK_API_URL: `http://127.0.0.1:${ports.BACKEND_PORT}`,
    STACK_FRONTEND_URL: variables.PUBLIC_URL,
    STACK_MAIL_URL: `http://127.0.0.1:${ports.MAIL_PORT}`,
    STACK_PROVIDER_URL: demoOrigins[stack.mode](ports.PROVIDER_PORT),
    STACK_SMTP_URL: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    STACK_SECRET: variables.BETTER_AUTH_SECRET ?? '',
    STACK_INTERNAL_TOKEN: variables.INTERNAL_TOKEN ?? '',
    // For a shell, from whatever folder.
    STACK_CONTROL: [...program('main'), 'control', basename(folder)].map(quoted).join(' '),
  }
  const adminUrl = stack.adminUrl()
  if (adminUrl === undefined) return everywhere
  const { DATABASE_ADMIN_URL: _, ...urls } = embeddedDatabase(settings, adminUrl)
  return {
    ...everywhere,
    STACK_AUTH_INTERNAL_URL: `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`,
    STACK_DATABASE_ADMIN_URL: adminUrl,
    ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`STACK_${name}`, url])),
  }
}

/** Bare where possible: `$STACK_CONTROL` unquoted in a shell script takes quotes literally. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
