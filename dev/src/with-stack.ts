import { parseArgs } from 'node:util'
import { CannotContinue } from './errors.ts'
import { chooseMode, recordMode } from './mode.ts'
import { localFolder } from './paths.ts'
import type { Interruption } from './processes/foreground.ts'
import type { Mode } from './settings/settings.ts'
import { type Stack, silent } from './stack.ts'
import { makeThrowawayFolder, removeFolder } from './throwaway.ts'
import { chooseSettings, keepLogs, openThrowaway, removeAbandoned } from './throwaway-stack.ts'
import { tellStack } from './told.ts'

export type WithStack = {
  mode: Mode
  command: string[]
  shell: NodeJS.ProcessEnv
  signals: Interruption
  note(text: string): void
}

/** Runs the command beside a whole stack that exists only as long as the command runs. */
export async function withStack({ mode, command, shell, signals, note }: WithStack): Promise<number> {
  await chooseMode(mode, shell)
  await removeAbandoned(shell)
  const folder = makeThrowawayFolder(localFolder)
  const settings = await chooseSettings(folder)
  recordMode(folder, mode)
  const stack = await openThrowaway(folder, mode, settings, shell)
  try {
    const begin = Date.now()
    await stack.up(settings, silent, signals.signal)
    note(`${mode} stack ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`)
    const code = await signals.foreground(command, { ...shell, ...tellStack(folder, stack, settings) })
    if (code !== 0) await explain(stack, note)
    return code
  } catch (error) {
    if (!signals.signal.aborted) await explain(stack, note)
    throw error
  } finally {
    await stack.remove()
    removeFolder(folder)
  }
}

async function explain(stack: Stack, note: (text: string) => void) {
  note(`the services' logs are kept in ${await keepLogs(stack)}`)
}

/** `with-stack --mode compose -- …`; embedded unless said otherwise, since it needs nothing and starts fast. */
export function modeOption(args: string[]): Mode {
  const { values } = parseArgs({ args, options: { mode: { type: 'string', default: 'embedded' } } })
  if (values.mode === 'embedded' || values.mode === 'compose') return values.mode
  throw new CannotContinue('--mode is embedded or compose', 64)
}
