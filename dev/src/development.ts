import { join } from 'node:path'
import { openCompose } from './compose/stack.ts'
import { machineEnvironment } from './embedded/environment.ts'
import { openEmbedded } from './embedded/stack.ts'
import { CannotContinue } from './errors.ts'
import { type Choice, chooseMode, recordedMode } from './mode.ts'
import { localFolder } from './paths.ts'
import type { Mode, Settings } from './settings/settings.ts'
import type { Stack } from './stack.ts'

/** State of `make up`'s stack. */
export const developmentFolder = join(localFolder, 'dev')
/** Beside the folder, not in it: `reset` removes the folder while it holds the lock. */
export const developmentLock = join(localFolder, 'dev.lock')

/** The stack that runs; where none does, the one that would be started. */
export async function currentStack(settings: Settings, shell: NodeJS.ProcessEnv): Promise<Stack> {
  const mode = recordedMode(developmentFolder) ?? (await chooseMode(settings.mode, shell)).mode
  return openStack(mode, settings, shell)
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
      `The ${running.mode} stack runs. Stop it first: make down && make up MODE=${settings.mode}`,
    )
  }
  return { stack: running, choice: { mode: running.mode, why: 'it runs already' } }
}

async function openStack(mode: Mode, settings: Settings, shell: NodeJS.ProcessEnv): Promise<Stack> {
  const machine = machineEnvironment(shell)
  if (mode === 'embedded') return openEmbedded({ folder: developmentFolder, machine, postgres: {}, settings })
  return openCompose({ project: undefined, settings, shell })
}
