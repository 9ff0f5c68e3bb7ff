import { join } from 'node:path'
import { type Context, currentStack, developmentFolder } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import { nodeWithTypeScript } from '../programs.ts'
import { remote } from '../supervisor/socket.ts'

const watched: Record<string, string[]> = {
  'auth-server': [...nodeWithTypeScript, '--watch', 'src/main.ts'],
  backend: [join(repository, '.venv', 'bin', 'python'), '-m', 'app'],
}

/**
 * One service on this terminal, in place of the one that `make up` started and with the same settings: those of .env,
 * the addresses of the stack's database included. The auth server starts again whenever a source file changes.
 */
export async function runService({ inspected, shell, terminal, signals }: Context, name: string): Promise<number> {
  const stack = await currentStack(inspected.settings, shell)
  const supervisor = remote(developmentFolder)
  const isRunning = stack.mode === 'embedded' && (await stack.isRunning())
  const spec = isRunning ? (await supervisor.known()).find((one) => one.name === name) : undefined
  const command = watched[name]
  if (!spec || !command) {
    throw new CannotContinue(
      'This runs auth-server or backend beside the other services of an embedded stack. Start that first:\n' +
        '  make up MODE=embedded',
    )
  }
  const { note } = terminal.progress
  if (await supervisor.control('stop', spec.name)) note(`the ${name} of make up is stopped`)
  note(`${spec.ready} once it is ready; Ctrl-C ends it, make up brings the usual one back`)
  return signals.foreground({ command, cwd: spec.cwd, env: spec.env })
}
