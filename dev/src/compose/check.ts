import { randomBytes } from 'node:crypto'
import { frontendFaults } from '../../../frontend/env.ts'
import { secrets } from '../settings/env-file.ts'
import { faultsIn, mergeFaults } from '../settings/merge-faults.ts'
import type { Settings } from '../settings/settings.ts'
import { stackFaults } from '../settings/stack-faults.ts'
import type { Progress } from '../stack.ts'
import { build } from './build.ts'
import { compose, type Project } from './compose.ts'
import { isUnchanged } from './unchanged.ts'

/** Read the settings in the new images, beside the containers that run: none of these starts or stops another. */
const commands: string[][] = [
  ['database-setup', 'check-config'],
  ['backend-migrate', 'python', '-m', 'app.check'],
  ['frontend', 'caddy', 'validate', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
]

/** `up` makes new containers before it knows whether their commands accept the settings: so they are asked first. */
export async function check(
  { name, env }: Project,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<string[]> {
  const own = stackFaults(settings, 'compose')
  const project: Project = { name, env: { ...env, ...inPlaceOfUnusable(settings) } }
  await build(project, progress, signal)
  if (own.length === 0 && (await isUnchanged(project))) return []
  const lists = [own]
  for (const [service = '', ...command] of commands) {
    const finished = await compose(project, ['run', '--rm', '--no-deps', '-T', service, ...command], { signal })
    signal.throwIfAborted()
    lists.push(faultsIn(finished))
  }
  return mergeFaults(lists)
}

/**
 * Without its secrets Compose does not read its file, and without usable addresses the frontend is not built. Nobody
 * could name the other faults then.
 */
function inPlaceOfUnusable({ variables }: Settings): NodeJS.ProcessEnv {
  const empty = secrets.filter((secret) => !variables[secret])
  const made = Object.fromEntries(empty.map((secret) => [secret, randomBytes(32).toString('hex')]))
  return frontendFaults(variables).length === 0 ? made : { ...made, ...noAddresses }
}

const noAddresses = { VITE_AUTH_URL: '', VITE_API_URL: '', AUTH_PROXY_URL: '', BACKEND_PROXY_URL: '' }
