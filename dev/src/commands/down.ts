import { currentStack, developmentFolder } from '../development.ts'
import { forgetMode } from '../mode.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

export async function down(settings: Settings, shell: NodeJS.ProcessEnv, terminal: Terminal): Promise<undefined> {
  const stack = await currentStack(settings, shell)
  const stoppedCount = await stack.down(terminal.progress)
  forgetMode(developmentFolder)
  terminal.say(stoppedCount > 0 ? 'Everything is stopped. The data is kept: make up brings it back.' : 'Nothing runs.')
}
