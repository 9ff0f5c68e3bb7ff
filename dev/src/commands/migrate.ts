import { currentStack } from '../development.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

export async function migrate(
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<undefined> {
  const stack = await currentStack(settings, shell)
  await stack.migrate(settings, terminal.progress, signal)
  terminal.say('The tables of both services are up to date.')
}
