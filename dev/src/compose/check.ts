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
  project: Project,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<string[]> {
  const own = stackFaults(settings, 'compose')
  // Without its secrets Compose does not even read its file.
  if (own.some((fault) => fault.includes('is empty'))) return own
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
