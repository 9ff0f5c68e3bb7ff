import { frontendErrors } from '../../../frontend/env.ts'
import { brandErrors } from '../brand.ts'
import { CannotContinue } from '../errors.ts'
import { randomSecret, secrets } from '../settings/env-file.ts'
import type { Ports, Settings } from '../settings/settings.ts'
import { errorsIn, stackErrors } from '../settings/stack-errors.ts'
import { foreignPorts, serviceNames, type Work } from '../stack.ts'
import { compose, endOf, mustCompose, type Project, readLog } from './compose.ts'
import { hasImages } from './images.ts'
import { isReady, isUnchanged, publishedPorts, readStatus } from './status.ts'

/** Read the settings in the new images, beside the containers that run: none of these starts or stops another. */
const commands: string[][] = [
  ['database-setup', 'check-config'],
  ['backend-migrate', 'python', '-m', 'app.check'],
  ['frontend', 'caddy', 'validate', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
]

/** `up` makes new containers before it knows whether their commands accept the settings, so they are asked first. */
export async function check(
  { name, env }: Project,
  settings: Settings,
  { progress, signal }: Work,
  build: Build,
): Promise<string[][]> {
  const project: Project = { name, env: { ...env, ...inPlaceOfUnusable(settings) } }
  const own = [
    ...stackErrors(settings, 'compose'),
    ...(await foreignPorts(settings, await publishedPorts(project), published)),
  ]
  // The images are made with the brand: without it no service can say more.
  if (brandErrors(settings.variables.BRAND_FOLDER).length > 0) return [own]
  // Without images, the services can only be asked after minutes.
  if (own.length > 0 && !(await hasImages(project))) return [own]
  await build(project, { progress, signal })
  if (own.length === 0 && (await isUnchanged(project))) return []
  const lists = [own]
  for (const [service = '', ...command] of commands) {
    const finished = await compose(project, ['run', '--rm', '--no-deps', '-T', service, ...command], { signal })
    signal.throwIfAborted()
    lists.push(errorsIn(finished))
  }
  return lists
}

/** Those that docker-compose.yaml publishes. */
const published: (keyof Ports)[] = [
  'FRONTEND_PORT',
  'AUTH_PORT',
  'BACKEND_PORT',
  'SMTP_PORT',
  'MAIL_PORT',
  'PROVIDER_PORT',
]

/**
 * Without its secrets Compose does not read its file, and without usable addresses the frontend is not built. The
 * other errors could not be named then.
 */
function inPlaceOfUnusable({ variables }: Settings): NodeJS.ProcessEnv {
  const empty = secrets.filter((secret) => !variables[secret])
  const made = Object.fromEntries(empty.map((secret) => [secret, randomSecret(secret)]))
  return frontendErrors(variables).length === 0 ? made : { ...made, ...noAddresses }
}

const noAddresses = { VITE_AUTH_URL: '', VITE_API_URL: '', AUTH_PROXY_URL: '', BACKEND_PROXY_URL: '' }

export type Build = typeof build

/** Only makes images: containers keep theirs. */
export async function build(project: Project, { progress, signal }: Work): Promise<void> {
  const wasReady = await isReady(project)
  const begin = Date.now()
  if (!wasReady) progress.note('building the images: minutes the first time, seconds later')
  await mustCompose(project, ['build', '--quiet'], signal)
  if (!wasReady) progress.done('images', 'built', Date.now() - begin)
}

/** Builds what changed, starts what does not run or was changed, and waits until all of it is healthy. */
export async function up(project: Project, { progress, signal }: Work, build: Build): Promise<number> {
  const before = await readStatus(project)
  await build(project, { progress, signal })
  if (await isUnchanged(project)) return 0
  if (await isReady(project)) await migrateBeside(project, signal)
  const started = Date.now()
  const { code, output } = await compose(project, ['up', '--detach', '--wait', '--wait-timeout', '180'], { signal })
  if (signal.aborted || code !== 0) {
    const said = signal.aborted ? '' : await lastWords(project, output)
    if (before.length === 0) await compose(project, ['down', '--remove-orphans'])
    signal.throwIfAborted()
    throw new CannotContinue(said || `docker compose up failed:\n\n${endOf(output, 25)}`)
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
    await mustCompose(project, ['run', '--rm', '--no-deps', '-T', service], signal)
  }
}

/** What the service said that kept the others from starting; empty when Compose names none. */
async function lastWords(project: Project, output: string): Promise<string> {
  const [, service] = /service "([\w-]+)" didn't complete/.exec(output) ?? []
  if (service === undefined) return ''
  const log = await readLog(project, service)
  return `${service} failed. It said:\n\n${endOf(log, 10)}${hint(log)}`
}

/** 28P01: the volume keeps the passwords it was made with. */
function hint(log: string): string {
  if (!log.includes('28P01')) return ''
  return '\n\n  The database was made with other passwords. Bring its .env back, or delete the data: make reset'
}
