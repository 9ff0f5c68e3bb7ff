import { currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** The first administrator; that one makes others over HTTP (docs/database.md). */
export async function admin(
  email: string,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<undefined> {
  if (!email.includes('@')) throw new CannotContinue('Say whom: make admin EMAIL=ann@example.com', 64)
  const stack = await currentStack(settings, shell)
  terminal.say((await stack.makeAdmin(email, settings, signal)).trim())
}
