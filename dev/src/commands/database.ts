import { existsSync, rmSync } from 'node:fs'
import { type Context, runningStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { type Command, run } from '../processes/run.ts'
import { prompt } from '../terminal/sql-prompt.ts'

/** The database as superuser, which sees the tables of both services: psql where there is one, else a plain prompt. */
export async function psql(context: Context, sql: string): Promise<number> {
  const stack = await runningStack(context)
  const statement = sql === '' ? [] : ['-c', sql]
  const client = await stack.client('psql', statement, process.stdin.isTTY === true)
  const isInstalled = stack.mode === 'compose' || (await run(['psql', '--version'], { env: client.env })).code === 0
  if (isInstalled) return context.signals.foreground(client)
  await prompt(sql, (text) => stack.sql(text))
  return 0
}

/** pg_dump's custom format: docs/database.md says how to bring it back. Readable by its owner only, as it holds sessions. */
export async function backup(context: Context, wanted: string): Promise<number> {
  const file = wanted || `auth-sidecar-${new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')}.dump`
  if (existsSync(file)) throw new CannotContinue(`${file} exists already. Choose another: make backup FILE=…`)
  const stack = await runningStack(context)
  const { command, ...where } = await stack.client('pg_dump', ['--format=custom'], false)
  if (stack.mode === 'embedded')
    await refuseOldProgram(await stack.sql("SELECT current_setting('server_version') AS version"), where.env)
  const toFile = ['sh', '-c', 'umask 077; f=$1; shift; "$@" >"$f"', 'sh', file, ...command]
  const code = await context.signals.foreground({ ...where, command: toFile })
  if (code === 0) context.terminal.say(`The database is in ${file}. How to bring it back: docs/database.md`)
  else rmSync(file, { force: true })
  return code
}

/** The binaries from npm have none, and an older pg_dump refuses a newer server. */
async function refuseOldProgram(server: string, env: Command['env']): Promise<void> {
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
