import { CannotContinue } from '../errors.ts'
import { type Progress, serviceNames } from '../stack.ts'
import { compose, indented, mustCompose, type Project } from './compose.ts'
import { readLog } from './logs.ts'
import { readStatus } from './status.ts'

/** Builds what changed, starts what does not run or was changed, and waits until all of it is healthy. */
export async function up(project: Project, progress: Progress, signal: AbortSignal): Promise<number> {
  const before = await readStatus(project)
  const wasWell = before.length === serviceNames.length && before.every((service) => service.state === 'answering')
  const begin = Date.now()
  if (!wasWell) progress.note('building the images: minutes the first time, seconds later')
  await mustCompose(project, ['build', '--quiet'], { signal })
  if (!wasWell) progress.done('images', 'built', Date.now() - begin)
  const started = Date.now()
  const { code, output } = await compose(project, ['up', '--detach', '--wait', '--wait-timeout', '180'], { signal })
  if (signal.aborted || code !== 0) {
    const said = signal.aborted ? '' : await lastWords(project, output)
    if (before.length === 0) await compose(project, ['down', '--remove-orphans'])
    signal.throwIfAborted()
    throw new CannotContinue(said || `docker compose up failed:\n\n${indented(output, 25)}`)
  }
  const isUnchanged = wasWell && !startsService(output)
  if (!isUnchanged) progress.done('services', 'started', Date.now() - started)
  return isUnchanged ? 0 : serviceNames.length
}

/** The one-shot commands run every time; a service is started only if something of it changed. */
function startsService(output: string): boolean {
  const services = serviceNames.join('|')
  return new RegExp(`-(${services})-\\d+\\s+(Started|Recreated|Created)\\b`).test(output)
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
