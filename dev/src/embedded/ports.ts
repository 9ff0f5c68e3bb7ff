import { CannotContinue } from '../errors.ts'
import { isPortFree } from '../ports.ts'
import { commandLine } from '../processes/identity.ts'
import { listenerOf } from '../processes/listener.ts'
import type { Port } from './service.ts'

/** Names every port that somebody else has, who that is where it can be seen, and what to set. */
export async function refuseTakenPorts(service: string, ports: Port[]): Promise<void> {
  const lines: string[] = []
  for (const { variable, port } of ports) {
    if (await isPortFree(port)) continue
    lines.push(
      `Port ${port} for ${service} is taken${owner(port)}. Free it, or set ${variable} to another: ${variable}=${port + 100} make up`,
    )
  }
  if (lines.length > 0) throw new CannotContinue(lines.join('\n'))
}

function owner(port: number): string {
  const pid = listenerOf(port)
  if (pid === undefined) return ''
  const command = commandLine(pid) ?? ''
  return ` by pid ${pid} (${command.length > 60 ? `${command.slice(0, 60)}…` : command})`
}
