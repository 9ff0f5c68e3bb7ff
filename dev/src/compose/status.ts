import { z } from 'zod'
import { isServiceName, type ServiceState, type ServiceStatus, serviceNames } from '../stack.ts'
import { mustCompose, type Project } from './compose.ts'

const Container = z.object({
  Service: z.string(),
  State: z.string(),
  Health: z.string().default(''),
  Publishers: z.array(z.object({ PublishedPort: z.number() })).nullish(),
})

/** The services' containers. One-shot commands have ended when all is well and are left out. */
export async function readStatus(project: Project): Promise<ServiceStatus[]> {
  const output = await mustCompose(project, ['ps', '--all', '--format', 'json'])
  return parseContainers(output).flatMap(({ Service: name, Publishers, ...container }): ServiceStatus[] => {
    if (!isServiceName(name)) return []
    const ports = [...new Set((Publishers ?? []).map((publisher) => publisher.PublishedPort))].filter(
      (port) => port > 0,
    )
    return [{ name, ports, state: stateOf(container.State, container.Health) }]
  })
}

export async function isWell(project: Project): Promise<boolean> {
  const services = await readStatus(project)
  return services.length === serviceNames.length && services.every((service) => service.state === 'answering')
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
  return state === 'running' && health !== 'unhealthy' && health !== 'starting' ? 'answering' : 'not answering'
}
