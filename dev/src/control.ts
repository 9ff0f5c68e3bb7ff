import { join } from 'node:path'
import { throwawaySettings } from './context.ts'
import { CannotContinue } from './errors.ts'
import { recordedMode } from './mode.ts'
import { localFolder } from './paths.ts'
import { type Control, controls, isServiceName, type ServiceName } from './stack.ts'
import { openThrowaway } from './throwaway-stack.ts'

const usage = `control NAME ${controls.join('|')}|logs SERVICE, or control NAME sql STATEMENT`

/** A hand on a throw-away stack, for the tests that run beside it. Prints what was asked for. */
export async function control(
  args: string[],
  shell: NodeJS.ProcessEnv,
  print: (text: string) => undefined,
): Promise<undefined> {
  const [name = '', act = '', subject = ''] = args
  const folder = join(localFolder, name)
  const mode = /^test-\w+$/.test(name) ? recordedMode(folder) : undefined
  if (!mode) throw new CannotContinue(`No throw-away stack is called ${name}. Usage: ${usage}`, 64)
  const stack = await openThrowaway(folder, mode, throwawaySettings(folder, {}), shell)
  if (act === 'sql') return print(`${await stack.sql(subject)}\n`)
  const service = serviceNamed(subject)
  if (act === 'logs') return print(await stack.log(service))
  if (!isControl(act)) throw new CannotContinue(`Usage: ${usage}`, 64)
  await stack.control(act, service)
}

function isControl(act: string): act is Control {
  return (controls as readonly string[]).includes(act)
}

function serviceNamed(name: string): ServiceName {
  if (!isServiceName(name)) throw new CannotContinue(`There is no service ${name}. Usage: ${usage}`, 64)
  return name
}
