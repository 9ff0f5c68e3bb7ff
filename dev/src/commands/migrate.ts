import { refuseUnusable } from '../checked.ts'
import type { Inspected } from '../context.ts'
import { currentStack } from '../development.ts'
import type { Terminal } from '../terminal/terminal.ts'

export async function migrate(
  inspected: Inspected,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<undefined> {
  const { settings } = inspected
  const stack = await currentStack(settings, shell)
  await refuseUnusable(stack, inspected, terminal.progress, signal)
  await stack.migrate(settings, terminal.progress, signal)
  terminal.say('The tables of both services are up to date.')
}
