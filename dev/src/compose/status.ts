import { z } from 'zod'
import { mustRun, run } from '../processes/run.ts'
import { isServiceName, type ServiceState, type ServiceStatus, serviceNames } from '../stack.ts'
import { compose, type Project } from './compose.ts'

/** What `docker inspect` says of a container. */
const Container = z.object({
  Image: z.string(),
  Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()) }),
  State: z.object({ Status: z.string(), Health: z.object({ Status: z.string() }).optional() }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()),
  }),
})
type Container = z.infer<typeof Container>

const label = 'com.docker.compose'
const serviceOf = ({ Config }: Container) => Config.Labels[`${label}.service`] ?? ''

/** The services' containers, in one order. One-shot commands have ended when all is ready and are left out. */
export async function readStatus(project: Project): Promise<ServiceStatus[]> {
  const services = (await readContainers(project)).flatMap(statusOf)
  return services.toSorted((a, b) => serviceNames.indexOf(a.name) - serviceNames.indexOf(b.name))
}

/** Of all its containers, also those that are no service. */
export async function publishedPorts(project: Project): Promise<number[]> {
  return (await readContainers(project)).flatMap(portsOf)
}

/** Without those of `docker compose run`. */
async function readContainers({ name, env }: Project): Promise<Container[]> {
  const docker = (...args: string[]) => {
    const command = { command: ['docker', ...args], env }
    return mustRun(command, undefined, ({ output }) => `docker ${args[0]} failed:\n\n${output.trim()}`)
  }
  const labels = [`${label}.project=${name}`, `${label}.oneoff=False`]
  const ids = await docker('ps', '--all', '--quiet', ...labels.flatMap((given) => ['--filter', `label=${given}`]))
  if (ids === '') return []
  return z.array(Container).parse(JSON.parse(await docker('inspect', ...ids.trim().split('\n'))))
}

function statusOf(container: Container): ServiceStatus[] {
  const name = serviceOf(container)
  return isServiceName(name) ? [{ name, ports: portsOf(container), state: stateOf(container) }] : []
}

function portsOf({ NetworkSettings: { Ports } }: Container): number[] {
  // IPv4 and IPv6 have one each.
  return [...new Set(Object.values(Ports).flatMap((bound) => (bound ?? []).map(({ HostPort }) => Number(HostPort))))]
}

function stateOf({ State: { Status, Health } }: Container): ServiceState {
  if (Status !== 'running' && Status !== 'paused') return 'stopped'
  return Status === 'running' && !['unhealthy', 'starting'].includes(Health?.Status ?? '') ? 'ready' : 'not ready'
}

export async function isReady(project: Project): Promise<boolean> {
  const services = await readStatus(project)
  return services.length === serviceNames.length && services.every((service) => service.state === 'ready')
}

/** Whether every service runs from the image and with the settings that `up` would give it now. */
export async function isUnchanged(project: Project): Promise<boolean> {
  if (!(await isReady(project))) return false
  const containers = (await readContainers(project)).filter((container) => isServiceName(serviceOf(container)))
  const tags = containers.map(({ Config }) => Config.Image)
  const [hashes, images] = await Promise.all([
    compose(project, ['config', '--hash', serviceNames.join(',')]),
    run(['docker', 'image', 'inspect', '--format', '{{.Id}}', ...tags], { env: project.env }),
  ])
  const current = images.output.split('\n')
  const wanted = hashes.output.split('\n').map((line) => line.split(/\s+/).join(' '))
  return containers.every((container, index) => {
    const hash = container.Config.Labels[`${label}.config-hash`]
    return container.Image === current[index] && wanted.includes(`${serviceOf(container)} ${hash}`)
  })
}
