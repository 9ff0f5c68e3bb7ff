import { currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Interruption } from '../processes/foreground.ts'
import { run } from '../processes/run.ts'
import type { Settings } from '../settings/settings.ts'
import { prompt } from '../terminal/sql-prompt.ts'

/** The database as superuser, which sees the tables of both services: psql where there is one, else a plain prompt. */
export async function psql(
  sql: string,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  signals: Interruption,
): Promise<number> {
  const stack = await currentStack(settings, shell)
  if (!(await stack.isRunning())) throw new CannotContinue('Nothing runs. Start it with: make up')
  const statement = sql === '' ? [] : ['-c', sql]
  const { command, env } = await stack.client('psql', statement, process.stdin.isTTY === true)
  const isInstalled = stack.mode === 'compose' || (await run(['psql', '--version'], { env })).code === 0
  if (isInstalled) return signals.foreground(command, env)
  await prompt(sql, (text) => stack.sql(text))
  return 0
}
