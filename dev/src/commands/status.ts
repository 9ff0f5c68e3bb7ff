import { type Context, currentStack } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import { run } from '../processes/run.ts'
import { isServiceName, type ServiceName, type ServiceState, serviceNames } from '../stack.ts'
import { indented, prefixed } from '../terminal/logs.ts'

/** 0 if everything is ready, 3 if nothing runs (as `service status` does), 1 if only a part is ready. */
export async function status({ inspected, shell, terminal: { say, paint } }: Context): Promise<number> {
  const stack = await currentStack(inspected.settings, shell)
  const known = await stack.status()
  if (known.every(({ state, ended }) => state === 'stopped' && !ended)) {
    say('Nothing runs. Start it with: make up')
    return 3
  }
  const services = known.toSorted((a, b) => serviceNames.indexOf(a.name) - serviceNames.indexOf(b.name))
  const colours: Record<ServiceState, (text: string) => string> = {
    ready: paint.green,
    'not ready': paint.yellow,
    stopped: paint.red,
  }
  say(paint.dim(`${'service'.padEnd(13)}${'state'.padEnd(11)}${'pid'.padEnd(9)}port`))
  for (const { name, state, pid, ports } of services) {
    say(`${name.padEnd(13)}${colours[state](state.padEnd(11))}${String(pid ?? '–').padEnd(9)}${ports.join(', ')}`)
  }
  for (const { name, ended } of services) {
    if (ended) say(`\n${paint.red(`${name}: ${ended.reason}.`)} Its log ends with:\n\n${indented(ended.lastLines)}`)
  }
  return services.every((service) => service.state === 'ready') ? 0 : 1
}

export async function logs({ inspected, shell, terminal, signals }: Context, wanted: string): Promise<undefined> {
  if (wanted !== '' && !isServiceName(wanted)) {
    throw new CannotContinue(`There is no service ${wanted}. There are: ${serviceNames.join(', ')}`, 64)
  }
  const stack = await currentStack(inspected.settings, shell)
  if (!(await stack.isRunning())) terminal.say('Nothing runs; these are the last lines of the last run. Ctrl-C ends.')
  const services = isServiceName(wanted) ? [wanted] : serviceNames
  const print = prefixed(services, terminal)
  // `make logs | head` ends this process, and must end those too.
  const ending = new AbortController()
  process.once('exit', () => ending.abort())
  const signal = AbortSignal.any([signals.signal, ending.signal])
  const follow = (service: ServiceName) => {
    const { command, ...where } = stack.following(service)
    return run(command, { ...where, signal, onOutput: print(service) })
  }
  await Promise.all(services.map(follow))
}
