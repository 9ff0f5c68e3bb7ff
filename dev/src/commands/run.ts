import { join } from 'node:path'
import { currentStack, developmentFolder } from '../development.ts'
import { type ProcessSpec, processService } from '../embedded/process-service.ts'
import { readRecord } from '../embedded/record.ts'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import type { Interruption } from '../processes/foreground.ts'
import type { Settings } from '../settings/settings.ts'
import { nodeWithTypeScript } from '../typescript.ts'

const watched: Partial<Record<ProcessSpec['name'], string[]>> = {
  'auth-server': [...nodeWithTypeScript, '--watch', 'src/main.ts'],
  backend: [join(repository, '.venv', 'bin', 'python'), '-m', 'app'],
}

/**
 * One service on this terminal, in place of the one that `make up` started and with the same settings: those of .env,
 * the addresses of the stack's database included. The auth server starts again whenever a source file changes.
 */
export async function runService(
  name: string,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  { note, signals }: { note(text: string): void; signals: Interruption },
): Promise<number> {
  const stack = await currentStack(settings, shell)
  const spec = readRecord(developmentFolder)?.processes.find((one) => one.name === name)
  const command = spec && watched[spec.name]
  if (stack.mode !== 'embedded' || spec === undefined || command === undefined || !(await stack.isRunning())) {
    throw new CannotContinue(
      'This runs auth-server or backend beside the other services of an embedded stack. Start that first:\n' +
        '  make up MODE=embedded',
    )
  }
  if (await processService(spec, developmentFolder).stop()) note(`the ${name} of make up is stopped`)
  note(`${spec.ready} once it is ready; Ctrl-C ends it, make up brings the usual one back`)
  const inFolder = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', spec.cwd, ...command]
  return signals.foreground(inFolder, spec.env)
}
