import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import { chooseAccount } from '../postgres/account.ts'
import { findBinaries } from '../postgres/binaries.ts'
import { openCluster } from '../postgres/cluster.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Settings } from '../settings/settings.ts'
import { clientCommand, query, searchBoth } from '../sql.ts'
import type { Progress, Stack, Work } from '../stack.ts'
import { endLeftovers, endSupervisor, findSupervisor, leftovers, superviseHere } from '../supervisor/host.ts'
import { type Known, statusOf } from '../supervisor/service.ts'
import { remote } from '../supervisor/socket.ts'
import { digestOf } from './builds.ts'
import { check } from './check.ts'
import { createLauncher } from './launcher.ts'
import { beginMigrations } from './migrations.ts'
import { logFileIn, makePlan, type Plan } from './plan.ts'
import { up } from './up.ts'

export type EmbeddedOptions = {
  settings: Settings
  /** Where its data, its logs and its supervisor's socket are. */
  folder: string
  /** What the machine's environment gives to every process. */
  machine: Variables
  /** PostgreSQL's own settings. */
  postgres: Record<string, string>
  /** Starts a supervisor for the folder, of this version. */
  startSupervisor(folder: string, version: string): Promise<void>
}

/** Changes with the code that a supervisor runs. */
const supervisorVersion = () =>
  digestOf(['supervisor', 'processes'].map((name) => join(repository, 'dev', 'src', name)))

/** The stack as processes, held by a supervisor that is asked for everything. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Stack> {
  const { settings, folder, machine } = options
  const cluster = openCluster({
    folder: join(folder, 'postgres'),
    account: await chooseAccount(findBinaries()),
    settings: options.postgres,
    port: settings.ports.POSTGRES_PORT,
  })
  const access = () => ({ adminUrl: cluster.running()?.adminUrl, options: searchBoth(settings.variables) })
  const plan = (work: Work) => makePlan({ settings, machine, folder, cluster }, work)
  const supervisor = () => (findSupervisor(folder) ? remote(folder) : undefined)
  const isOutdated = () => (findSupervisor(folder)?.version ?? supervisorVersion()) !== supervisorVersion()
  const known = async () => (await supervisor()?.known()) ?? []

  async function running(): Promise<Known[]> {
    // An older supervisor may not say which of them run.
    return (await known()).filter(({ pid }) => pid !== undefined || isOutdated())
  }

  async function startAll(work: Work): Promise<number> {
    const wanted = await plan(work)
    if (isOutdated()) await endOutdated(wanted, work)
    if (!supervisor()) {
      await endLeftovers(folder)
      await options.startSupervisor(folder, supervisorVersion())
    }
    try {
      const launcher = createLauncher(remote(folder), await running(), work.progress)
      return await up({ ...work, plan: wanted, launcher, prepareDatabase: cluster.prepare })
    } catch (error) {
      if ((await running().catch(() => [])).length === 0) await endSupervisor(folder)
      throw error
    }
  }

  /** The new version's tables and files are made before anything of the old one is stopped. */
  async function endOutdated(wanted: Plan, work: Work) {
    work.progress.note('dev/ has changed: every service is restarted')
    await wanted.frontend()
    await migrate(wanted, work)
    await down(work.progress)
  }

  /** A PostgreSQL that is started for it is stopped again. */
  async function migrate({ services, migrations }: Plan, work: Work): Promise<void> {
    const postgres = services.find(({ name }) => name === 'postgres')
    if (!postgres || cluster.running()) return beginMigrations(migrations, work).all
    const wasSupervised = supervisor() !== undefined
    if (!wasSupervised) {
      await endLeftovers(folder)
      await superviseHere(folder, supervisorVersion())
    }
    try {
      await cluster.prepare()
      await createLauncher(remote(folder), [], work.progress).ensure(postgres, work.signal)
      await beginMigrations(migrations, work).all
    } finally {
      if (wasSupervised) await remote(folder).control('stop', 'postgres')
      else await endSupervisor(folder)
    }
  }

  async function down(progress: Progress): Promise<number> {
    const services = await running()
    const stop = async ({ name }: Known) => {
      const begin = Date.now()
      if (await remote(folder).control('stop', name)) progress.done(name, 'stopped', Date.now() - begin)
    }
    // The database last, since the others finish what they have in hand.
    await Promise.all(services.filter(({ name }) => name !== 'postgres').map(stop))
    await Promise.all(services.filter(({ name }) => name === 'postgres').map(stop))
    const left = await endSupervisor(folder)
    await cluster.stop()
    return services.length + left
  }

  return {
    mode: 'embedded',
    check: async (work) => {
      // What a supervisor that was killed left behind is ended later, and has the ports until then.
      const services = leftovers(folder).length > 0 ? undefined : await running()
      return check({ settings, plan: await plan(work), running: services, signal: work.signal })
    },
    up: startAll,
    down,
    isRunning: async () => leftovers(folder).length > 0 || (await running()).length > 0,
    status: async () => {
      const left = leftovers(folder).length
      const words = `The supervisor was killed, and ${left} of its processes are left.`
      if (left > 0) throw new CannotContinue(`${words} make up starts again, make down ends them.`)
      return Promise.all((await known()).map(statusOf))
    },
    following: (name) => ({
      // Until the service has started there is no such file.
      command: ['sh', '-c', 'exec tail -n 20 -F "$0" 2>/dev/null', logFileIn(folder, name)],
    }),
    log: async (name) => {
      const file = logFileIn(folder, name)
      return existsSync(file) ? readFileSync(file, 'utf8') : ''
    },
    control: async (act, name) => void (await remote(folder).control(act, name)),
    adminUrl: () => access().adminUrl,
    client: async (program, args) => clientCommand(access(), machine, [program, ...args]),
    sql: (statement) => query(access(), statement),
    authServer: async (call, work) => (await plan(work)).authServer(call),
    migrate: async (work) => migrate(await plan(work), work),
    remove: async () => {
      await endSupervisor(folder)
      await cluster.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
