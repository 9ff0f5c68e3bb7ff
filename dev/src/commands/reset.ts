import { createInterface } from 'node:readline/promises'
import { currentStack, developmentFolder } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { forgetMode } from '../mode.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** Stops the stack and deletes its data, after asking. `.env` stays: its secrets fit whatever comes next. */
export async function reset(
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  terminal: Terminal,
  isSure: boolean,
): Promise<undefined> {
  const stack = await currentStack(settings, shell)
  if (
    !isSure &&
    !(await isConfirmed(`This deletes every user, session and note of the ${stack.mode} stack. Type yes: `))
  ) {
    throw new CannotContinue('Nothing was deleted.')
  }
  await stack.down(terminal.progress)
  await stack.remove()
  forgetMode(developmentFolder)
  terminal.say('The data is deleted. Start anew with: make up')
}

async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CannotContinue('Not at a terminal, so nobody can confirm. To delete anyway: make reset YES=1')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(question)
  terminal.close()
  return answer.trim().toLowerCase() === 'yes'
}
