import { z } from 'zod'
import { run } from '../processes/run.ts'
import { isServiceName, type ServiceState, type ServiceStatus, serviceNames } from '../stack.ts'
import { compose, mustCompose, type Project } from './compose.ts'

const Container = z.object({
  Service: z.string(),
  State: z.string(),
  Health: z.string().default(''),
  Publishers: z.array(z.object({ PublishedPort: z.number() })).nullish(),
})

/** The services' containers. One-shot commands have ended when all is ready and are left out. */
export async function readStatus(project: Project): Promise<ServiceStatus[]> {
  const containers = await readContainers(project)
  return containers.flatMap(({ Service: name, ...container }): ServiceStatus[] => {
    if (!isServiceName(name)) return []
    return [{ name, ports: portsOf(container), state: stateOf(container.State, container.Health) }]
  })
}

/** Of all its containers, also those that are no service. */
export async function publishedPorts(project: Project): Promise<number[]> {
  return (await readContainers(project)).flatMap(portsOf)
}

async function readContainers(project: Project): Promise<z.infer<typeof Container>[]> {
  return parseContainers(await mustCompose(project, ['ps', '--all', '--format', 'json']))
}

function portsOf({ Publishers }: Pick<z.infer<typeof Container>, 'Publishers'>): number[] {
  const ports = new Set((Publishers ?? []).map((publisher) => publisher.PublishedPort))
  return [...ports].filter((port) => port > 0)
}

export async function isReady(project: Project): Promise<boolean> {
  const services = await readStatus(project)
  return services.length === serviceNames.length && services.every((service) => service.state === 'ready')
}

/** Compose prints one object on each line, older ones an array. */
function parseContainers(output: string): z.infer<typeof Container>[] {
  const text = output.trim()
  if (text.startsWith('[')) return z.array(Container).parse(JSON.parse(text))
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  return lines.map((line) => Container.parse(JSON.parse(line)))
}

function stateOf(state: string, health: string): ServiceState {
  if (state !== 'running' && state !== 'paused') return 'stopped'
  return state === 'running' && health !== 'unhealthy' && health !== 'starting' ? 'ready' : 'not ready'
}

const Labels = z.record(z.string(), z.string())
const prefix = 'com.docker.compose'

/** Whether every service runs from the image and with the settings that `up` would give it now. */
export async function isUnchanged(project: Project): Promise<boolean> {
  if (!(await isReady(project))) return false
  const [hashes, ids] = await Promise.all([
    compose(project, ['config', '--hash', serviceNames.join(',')]),
    compose(project, ['ps', '--quiet', ...serviceNames]),
  ])
  const wanted = new Map(
    hashes.output
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/) as [string, string]),
  )
  const containers = ids.output.trim().split('\n')
  const states = await Promise.all(containers.map((id) => isCurrent(project, id, wanted)))
  return states.length === serviceNames.length && states.every(Boolean)
}

async function isCurrent({ env }: Project, container: string, wanted: Map<string, string>): Promise<boolean> {
  const inspect = (...args: string[]) => run(['docker', ...args], { env })
  const seen = await inspect(
    'container',
    'inspect',
    '-f',
    '{{.Image}} {{.Config.Image}} {{json .Config.Labels}}',
    container,
  )
  const [, image, tag = '', labels = '{}'] = /^(\S+) (\S+) (.*)$/.exec(seen.output.trim()) ?? []
  const { [`${prefix}.service`]: service = '', [`${prefix}.config-hash`]: hash } = Labels.parse(JSON.parse(labels))
  if (hash === undefined || hash !== wanted.get(service)) return false
  return (await inspect('image', 'inspect', '-f', '{{.Id}}', tag)).output.trim() === image
}
