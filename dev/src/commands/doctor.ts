import { type Context, currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'

/** Looks at the stack through the auth server's own command, which may ask for a password (`--try`). */
export async function doctor({ inspected, shell, signals }: Context, args: string[]): Promise<number> {
  const stack = await currentStack(inspected.settings, shell)
  if (!(await stack.isRunning())) throw new CannotContinue('Nothing runs. Start it with: make up')
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  const { command, env, cwd } = await stack.doctor(args, inspected.settings, isTerminal, signals.signal)
  const { NO_COLOR, TERM } = shell
  return signals.foreground(command, { ...env, ...(NO_COLOR && { NO_COLOR }), ...(TERM && { TERM }) }, cwd)
}
