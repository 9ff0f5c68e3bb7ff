import { developmentFolder, stackToStart } from '../development.ts'
import { recordMode } from '../mode.ts'
import type { Settings } from '../settings/settings.ts'
import { printSummary } from '../terminal/summary.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { ensureDemo } from './seed.ts'

export async function up(
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<undefined> {
  const { stack, choice } = await stackToStart(settings, shell)
  terminal.say(`${terminal.paint.bold(`Auth sidecar, ${choice.mode}`)} ${terminal.paint.dim(`(${choice.why})`)}\n`)
  recordMode(developmentFolder, choice.mode)
  const begin = Date.now()
  const startedCount = await stack.up(settings, terminal.progress, signal)
  const demo = startedCount > 0 ? await ensureDemo(settings) : 'ready'
  const seconds = ((Date.now() - begin) / 1000).toFixed(1)
  terminal.say(startedCount > 0 ? `\n  Everything answers after ${seconds} s.` : '  Everything runs already.')
  printSummary(terminal, settings, demo)
}
