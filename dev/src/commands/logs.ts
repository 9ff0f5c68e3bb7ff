import { currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'
import { isServiceName, type LogOutput, serviceNames } from '../stack.ts'

export async function logs(
  wanted: string,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
  output: LogOutput,
  signal: AbortSignal,
): Promise<undefined> {
  if (wanted !== '' && !isServiceName(wanted)) {
    throw new CannotContinue(`There is no service ${wanted}. There are: ${serviceNames.join(', ')}`, 64)
  }
  const stack = await currentStack(settings, shell)
  if (!(await stack.isRunning())) output.write('Nothing runs; these are the last lines of the last run. Ctrl-C ends.\n')
  await stack.follow(isServiceName(wanted) ? [wanted] : serviceNames, output, signal)
}
