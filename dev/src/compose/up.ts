import { CannotContinue } from '../errors.ts'
import { type Progress, serviceNames } from '../stack.ts'
import { build } from './build.ts'
import { compose, indented, mustCompose, type Project } from './compose.ts'
import { readLog } from './logs.ts'
import { isWell, readStatus } from './status.ts'
import { isUnchanged } from './unchanged.ts'

/** Builds what changed, starts what does not run or was changed, and waits until all of it is healthy. */
export async function up(project: Project, progress: Progress, signal: AbortSignal): Promise<number> {
  const before = await readStatus(project)
  await build(project, progress, signal)
  if (await isUnchanged(project)) return 0
  if (await isWell(project)) await migrateBeside(project, signal)
  const started = Date.now()
  const { code, output } = await compose(project, ['up', '--detach', '--wait', '--wait-timeout', '180'], { signal })
  if (signal.aborted || code !== 0) {
    const said = signal.aborted ? '' : await lastWords(project, output)
    if (before.length === 0) await compose(project, ['down', '--remove-orphans'])
    signal.throwIfAborted()
    throw new CannotContinue(said || `docker compose up failed:\n\n${indented(output, 25)}`)
  }
  progress.done('services', 'started', Date.now() - started)
  return serviceNames.length
}

/**
 * On the database that runs, before `up` removes the containers that are to be replaced: it does so before it runs
 * these commands itself, so one that failed there would leave nothing running.
 */
async function migrateBeside(project: Project, signal: AbortSignal): Promise<void> {
  for (const service of ['database-setup', 'auth-migrate', 'backend-migrate']) {
    await mustCompose(project, ['run', '--rm', '--no-deps', '-T', service], { signal })
  }
}

/** What the service said that kept the others from starting; empty when Compose names none. */
async function lastWords(project: Project, output: string): Promise<string> {
  const [, service] = /service "([\w-]+)" didn't complete/.exec(output) ?? []
  if (service === undefined) return ''
  const log = await readLog(project, service)
  return `${service} failed. It said:\n\n${indented(log, 10)}${hint(log)}`
}

/** 28P01: the volume keeps the passwords it was made with. */
function hint(log: string): string {
  if (!log.includes('28P01')) return ''
  return '\n\n  The database was made with other passwords. Bring its .env back, or delete the data: make reset'
}
