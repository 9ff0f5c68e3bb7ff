import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCompose } from './compose/stack.ts'
import { machineEnvironment } from './embedded/environment.ts'
import { openEmbedded } from './embedded/stack.ts'
import { CannotContinue } from './errors.ts'
import { localFolder } from './paths.ts'
import { type Interruption, run } from './processes/run.ts'
import { program } from './programs.ts'
import type { Inspected } from './settings/load.ts'
import type { Mode, Settings } from './settings/settings.ts'
import type { Stack } from './stack.ts'
import { superviseDetached } from './supervisor/host.ts'
import type { Terminal } from './terminal/terminal.ts'

/** State of `make up`'s stack. */
export const developmentFolder = join(localFolder, 'dev')
/** Beside the folder, not in it: `reset` removes the folder while it holds the lock. */
export const developmentLock = join(localFolder, 'dev.lock')

/** What every command is given. Its result is the exit code, 0 if it is undefined. */
export type Context = {
  inspected: Inspected
  shell: NodeJS.ProcessEnv
  terminal: Terminal
  signals: Interruption
}

export type Choice = { mode: Mode; why: string }

const probeTimeoutMs = 5000

/** The stack that runs; where none does, the one that would be started. */
export async function currentStack(settings: Settings, shell: NodeJS.ProcessEnv): Promise<Stack> {
  const mode = recordedMode(developmentFolder) ?? (await chooseMode(settings.mode, shell)).mode
  return openStack(mode, settings, shell)
}

export async function runningStack({ inspected, shell }: Context): Promise<Stack> {
  const stack = await currentStack(inspected.settings, shell)
  if (!(await stack.isRunning())) throw new CannotContinue('Nothing runs. Start it with: make up')
  return stack
}

/** The stack to start. One that runs in the other mode is never fought for the ports. */
export async function stackToStart(
  settings: Settings,
  shell: NodeJS.ProcessEnv,
): Promise<{ stack: Stack; choice: Choice }> {
  const recorded = recordedMode(developmentFolder)
  const running = recorded && (await openStack(recorded, settings, shell))
  if (!running || !(await running.isRunning())) {
    const choice = await chooseMode(settings.mode, shell)
    return { stack: await openStack(choice.mode, settings, shell), choice }
  }
  if (settings.mode !== 'auto' && settings.mode !== running.mode) {
    throw new CannotContinue(
      `The ${running.mode} stack is running. Stop it first: make down && make up MODE=${settings.mode}`,
    )
  }
  return { stack: running, choice: { mode: running.mode, why: 'already running' } }
}

async function openStack(mode: Mode, settings: Settings, shell: NodeJS.ProcessEnv): Promise<Stack> {
  const machine = machineEnvironment(shell)
  if (mode === 'compose') return openCompose({ project: settings.project, settings, shell })
  const startSupervisor = superviseDetached([...program('main'), 'supervise'], machine)
  return openEmbedded({ folder: developmentFolder, machine, postgres: {}, settings, startSupervisor })
}

/** `compose` where both the plugin and the engine respond. */
export async function chooseMode(wanted: Settings['mode'], shell: NodeJS.ProcessEnv): Promise<Choice> {
  if (wanted === 'embedded') return { mode: 'embedded', why: 'MODE=embedded' }
  const obstacle = await composeObstacle(shell)
  if (wanted === 'auto') {
    return obstacle ? { mode: 'embedded', why: obstacle } : { mode: 'compose', why: 'Docker Compose is available' }
  }
  if (obstacle) throw new CannotContinue(`MODE=compose is not possible: ${obstacle}. MODE=embedded needs no Docker.`)
  return { mode: 'compose', why: 'MODE=compose' }
}

async function composeObstacle(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const probe = async (...command: string[]) => (await run(command, { env, timeoutMs: probeTimeoutMs })).code
  const [plugin, engine] = await Promise.all([probe('docker', 'compose', 'version'), probe('docker', 'info')])
  if (plugin === 127) return 'Docker is not installed'
  if (plugin !== 0) return 'Docker has no compose plugin'
  return engine === 0 ? undefined : 'the Docker engine does not respond'
}

/** The mode in which the stack was started, so that the other commands find it whatever MODE says now. */
export function recordedMode(folder: string): Mode | undefined {
  const path = join(folder, 'mode')
  if (!existsSync(path)) return undefined
  return readFileSync(path, 'utf8').trim() === 'compose' ? 'compose' : 'embedded'
}

export function recordMode(folder: string, mode: Mode): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'mode'), `${mode}\n`, { mode: 0o600 })
}

export function forgetMode(folder: string): void {
  rmSync(join(folder, 'mode'), { force: true })
}
