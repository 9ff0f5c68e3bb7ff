import { CannotContinue } from '../errors.ts'
import { isPortFree } from '../ports.ts'
import { commandLine } from '../processes/identity.ts'
import { listenerOf } from '../processes/listener.ts'
import type { Ports } from '../settings/settings.ts'
import type { ServiceName } from '../stack.ts'
import type { Port, Service } from './service.ts'

const users: Record<keyof Ports, ServiceName> = {
  FRONTEND_PORT: 'frontend',
  AUTH_PORT: 'auth-server',
  AUTH_INTERNAL_PORT: 'auth-server',
  BACKEND_PORT: 'backend',
  SMTP_PORT: 'mail',
  MAIL_PORT: 'mail',
  POSTGRES_PORT: 'postgres',
}

/** Before anything is started: the ports that services of this stack do not hold already must be free. */
export async function refuseForeignPorts(wanted: Ports, services: Service[]): Promise<void> {
  const running = services.filter((service) => service.pid() !== undefined)
  const held = new Set(running.flatMap((service) => service.ports.map(({ port }) => port)))
  const lines: string[] = []
  for (const variable of Object.keys(users) as (keyof Ports)[]) {
    const port = wanted[variable]
    if (port !== undefined && !held.has(port)) lines.push(...(await takenPort(users[variable], { variable, port })))
  }
  if (lines.length > 0) throw new CannotContinue(lines.join('\n'))
}

/** Names every port that somebody else has, who that is where it can be seen, and what to set. */
export async function refuseTakenPorts(service: ServiceName, ports: Port[]): Promise<void> {
  const lines = (await Promise.all(ports.map((port) => takenPort(service, port)))).flat()
  if (lines.length > 0) throw new CannotContinue(lines.join('\n'))
}

async function takenPort(service: ServiceName, { variable, port }: Port): Promise<string[]> {
  if (await isPortFree(port)) return []
  const other = port < 65_000 ? port + 100 : port - 100
  return [
    `Port ${port} for ${service} is taken${owner(port)}.`,
    `  Free it, or choose another: ${variable}=${other} make up (to keep it so, set it in .env).`,
  ]
}

function owner(port: number): string {
  const pid = listenerOf(port)
  if (pid === undefined) return ''
  const command = commandLine(pid) ?? ''
  return ` by pid ${pid} (${command.length > 60 ? `${command.slice(0, 60)}…` : command})`
}
