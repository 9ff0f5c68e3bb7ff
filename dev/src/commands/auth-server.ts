import { type Context, currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { usesOwnDatabase } from '../settings/stack-errors.ts'
import type { AuthServerCall } from '../stack.ts'

/** A command of the auth server on the running stack's database. What it says and asks is its own. */
export async function authServer(
  { inspected, shell, signals }: Context,
  { name, args, folder }: Pick<AuthServerCall, 'name' | 'args' | 'folder'>,
): Promise<number> {
  const stack = await currentStack(inspected.settings, shell)
  if (!(await stack.isRunning())) throw new CannotContinue('Nothing runs. Start it with: make up')
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  // Neither stack has a pg_dump, and its PostgreSQL is nobody's but its own: its services come back by themselves.
  const isOurs = name === 'rehearse' && !usesOwnDatabase(inspected.settings.variables)
  const call = { name, args: isOurs ? ['--end-connections', ...args] : args, folder, isTerminal }
  const { command, env, cwd } = await stack.authServer(call, inspected.settings, signals.signal)
  const { NO_COLOR, TERM } = shell
  return signals.foreground(command, { ...env, ...(NO_COLOR && { NO_COLOR }), ...(TERM && { TERM }) }, cwd)
}
