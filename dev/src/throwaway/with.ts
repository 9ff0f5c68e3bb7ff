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
import { type Progress, type Stack, silent } from '../stack.ts'
import { Supervisor } from '../supervisor/supervisor.ts'
import { chooseSettings, inFolder, keepLogs, openThrowaway } from './folder.ts'

type Run = { command: string[]; shell: NodeJS.ProcessEnv; signals: Interruption }

/** Runs the command with TEST_DATABASE_ADMIN_URL set to a PostgreSQL that exists only as long as the command runs. */
export function withPostgres({ command, shell, signals }: Run): Promise<number> {
  return inFolder(shell, async (folder) => {
    const account = await chooseAccount(findBinaries())
    // The names of a stack's: what a killed run leaves is removed in one way.
    const cluster = openCluster({ folder: join(folder, 'postgres'), account, settings: throwawaySettings })
    const supervisor = new Supervisor(folder, '')
    try {
      const server = await cluster.prepare()
      await supervisor.ensure(postgresSpec({ machine: machineEnvironment(shell), folder }, server), signals.signal)
      return await signals.foreground({ command, env: { ...shell, TEST_DATABASE_ADMIN_URL: server.adminUrl } })
    } finally {
      await supervisor.end()
      await cluster.remove()
    }
  })
}

/** Runs the command beside a whole stack that exists only as long as the command runs. */
export async function withStack(mode: Mode, { command, shell, signals }: Run, note: Progress['note']): Promise<number> {
  const { signal, foreground } = signals
  await chooseMode(mode, shell)
  return inFolder(shell, async (folder) => {
    const settings = await chooseSettings(folder, shell)
    recordMode(folder, mode)
    const stack = await openThrowaway(folder, mode, settings, shell)
    let code: number | undefined
    try {
      const begin = Date.now()
      await stack.up({ progress: silent, signal })
      note(`${mode} stack ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`)
      code = await foreground({ command, env: { ...shell, ...childEnvironment(folder, stack, settings) } })
      return code
    } finally {
      const isFailed = code === undefined ? !signal.aborted : code !== 0
      if (isFailed) note(`the services' logs are kept in ${await keepLogs(stack)}`)
      await stack.remove()
    }
  })
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
