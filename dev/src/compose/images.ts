import { run } from '../processes/run.ts'
import type { Project } from './compose.ts'

/** As docker-compose.yaml names them. Each project has its own: another clone's build must not come between this one's and its start. */
const imagesOf = (name: string) =>
  ['auth-server', 'backend', 'frontend', 'mail', 'provider'].map((service) => `auth-sidecar/${service}:${name}`)

export async function hasImages({ name, env }: Project): Promise<boolean> {
  return (await run(['docker', 'image', 'inspect', ...imagesOf(name)], { env })).code === 0
}

/** Those that are there. What they were built from stays in Docker's cache. */
export async function removeImages({ name, env }: Project): Promise<void> {
  await run(['docker', 'image', 'rm', ...imagesOf(name)], { env })
}
