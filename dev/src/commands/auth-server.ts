import { type Context, currentStack, runningStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { mustRun } from '../processes/run.ts'
import { usesOwnDatabase } from '../settings/stack-errors.ts'
import { type AuthServerCall, silent } from '../stack.ts'

/** A command of the auth server on the running stack's database. What it says and asks is its own. */
export async function authServer(
  context: Context,
  { name, args, folder }: Omit<AuthServerCall, 'isTerminal'>,
): Promise<number> {
  const { inspected, shell, signals } = context
  const stack = await runningStack(context)
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  // Neither stack has a pg_dump, and its PostgreSQL is nobody's but its own: its services come back by themselves.
  const isOurs = name === 'rehearse' && !usesOwnDatabase(inspected.settings.variables)
  const call = { name, args: isOurs ? ['--end-connections', ...args] : args, isTerminal, ...(folder && { folder }) }
  const command = await stack.authServer(call, { progress: silent, signal: signals.signal })
  const { NO_COLOR, TERM } = shell
  return signals.foreground({
    ...command,
    env: { ...command.env, ...(NO_COLOR && { NO_COLOR }), ...(TERM && { TERM }) },
  })
}

/** The first administrator; that one makes others over HTTP (docs/database.md). */
export async function admin({ inspected, shell, terminal, signals }: Context, email: string): Promise<undefined> {
  if (!email.includes('@')) throw new CannotContinue('Name the user: make admin EMAIL=ann@example.com', 64)
  const stack = await currentStack(inspected.settings, shell)
  const call: AuthServerCall = { name: 'make-admin', args: [email], isTerminal: false }
  const command = await stack.authServer(call, { progress: silent, signal: signals.signal })
  const output = await mustRun(command, signals.signal, (failed) => failed.output.trim())
  terminal.say(output.trim())
}
