import type { LogOutput, ServiceName } from '../stack.ts'
import { prefixed } from '../terminal/prefix.ts'
import { compose, type Project } from './compose.ts'

/** Some versions of compose clear the terminal's line before each of theirs, whatever they are told about colours. */
const eraseLine = '\u001b[2K'

/** Of a service, or of one of the commands that run before them. */
export async function readLog(project: Project, service: string): Promise<string> {
  const { output } = await compose(project, ['logs', '--no-log-prefix', service])
  return output.replaceAll(eraseLine, '')
}

/** One compose for each service, so that the lines look like those of the embedded stack. */
export async function followLogs(
  project: Project,
  services: readonly ServiceName[],
  output: LogOutput,
  signal: AbortSignal,
): Promise<void> {
  const print = prefixed(services, output)
  const follow = (service: ServiceName) => {
    const command = ['logs', '--follow', '--tail', '20', '--no-log-prefix', service]
    return compose(project, command, { signal, onOutput: byLine(print(service)) })
  }
  await Promise.all(services.map(follow))
}

function byLine(print: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(line.replaceAll(eraseLine, ''))
  }
}
