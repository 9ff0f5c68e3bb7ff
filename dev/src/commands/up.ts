import { refuseUnusable } from '../checked.ts'
import type { Inspected } from '../context.ts'
import { developmentFolder, stackToStart } from '../development.ts'
import { recordMode } from '../mode.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { ensureDemo } from './seed.ts'
import { printSummary } from './summary.ts'

export async function up(
  inspected: Inspected,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<undefined> {
  const { settings } = inspected
  const { stack, choice } = await stackToStart(settings, shell)
  terminal.say(`${terminal.paint.bold(`Auth sidecar, ${choice.mode}`)} ${terminal.paint.dim(`(${choice.why})`)}\n`)
  const begin = Date.now()
  await refuseUnusable(stack, inspected, terminal.progress, signal)
  recordMode(developmentFolder, choice.mode)
  const startedCount = await stack.up(settings, terminal.progress, signal)
  const demo = startedCount > 0 ? await ensureDemo(settings) : 'ready'
  const seconds = ((Date.now() - begin) / 1000).toFixed(1)
  terminal.say(startedCount > 0 ? `\n  Everything answers after ${seconds} s.` : '  Everything runs already.')
  printSummary(terminal, settings, demo)
}
