import { currentStack } from '../development.ts'
import type { Settings } from '../settings/settings.ts'
import { type ServiceName, type ServiceState, type ServiceStatus, serviceNames } from '../stack.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** 0 if everything answers, 3 if nothing runs (as `service status` says it), 1 if only a part does. */
export async function status(settings: Settings, shell: NodeJS.ProcessEnv, { say, paint }: Terminal): Promise<number> {
  const stack = await currentStack(settings, shell)
  const known = new Map((await stack.status()).map((service) => [service.name, service]))
  if (![...known.values()].some((service) => service.state !== 'stopped')) {
    say('Nothing runs. Start it with: make up')
    return 3
  }
  const services = serviceNames.flatMap((name): ServiceStatus[] =>
    known.has(name) ? [known.get(name) ?? stopped(name)] : [],
  )
  const colours: Record<ServiceState, (text: string) => string> = {
    answering: paint.green,
    'not answering': paint.yellow,
    stopped: paint.red,
  }
  say(paint.dim(`${'service'.padEnd(13)}${'state'.padEnd(15)}${'pid'.padEnd(9)}port`))
  for (const { name, state, pid, ports } of services) {
    say(`${name.padEnd(13)}${colours[state](state.padEnd(15))}${String(pid ?? '–').padEnd(9)}${ports.join(', ')}`)
  }
  return services.every((service) => service.state === 'answering') ? 0 : 1
}

function stopped(name: ServiceName): ServiceStatus {
  return { name, state: 'stopped', ports: [] }
}
