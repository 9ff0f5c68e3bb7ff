import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import { chooseAccount } from '../postgres/account.ts'
import { findBinaries } from '../postgres/binaries.ts'
import { run } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Settings } from '../settings/settings.ts'
import { clientCommand, query, searchBoth } from '../sql.ts'
import { type Progress, type ServiceName, type Stack, silent } from '../stack.ts'
import { endLeftovers, endSupervisor, findSupervisor, leftovers, superviseHere } from '../supervisor/host.ts'
import { remote } from '../supervisor/socket.ts'
import { follow, prefixed } from '../terminal/logs.ts'
import { buildAuthServer, buildFrontend, digestOf } from './builds.ts'
import { check } from './check.ts'
import { clusterOf, migrate, type Start, withDatabase } from './database.ts'
import { Launcher } from './launcher.ts'
import * as plan from './plan.ts'
import { up } from './up.ts'

export type EmbeddedOptions = {
  /** Where its data, its logs and its supervisor's socket are. */
  folder: string
  /** What the machine's environment gives to every process. */
  machine: Variables
  /** PostgreSQL's own settings. */
  postgres: Record<string, string>
  /** Those that its database is looked into with. */
  settings: Settings
  /** Starts a supervisor for the folder, of this version. */
  startSupervisor(folder: string, version: string): Promise<void>
}

/** Changes with the code that a supervisor runs. */
const supervisorVersion = () =>
  digestOf(['supervisor', 'processes'].map((name) => join(repository, 'dev', 'src', name)))

/** The stack as processes, held by a supervisor that is asked for everything. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Stack> {
  const { folder, machine, postgres, settings: own } = options
  const account = await chooseAccount(findBinaries())
  const cluster = () => clusterOf({ basis: { settings: own, machine, folder }, account, postgres })
  const adminUrl = () => cluster().running()?.adminUrl
  const access = () => ({ adminUrl: adminUrl(), options: searchBoth(own.variables) })
  const logFile = (name: string) => join(folder, 'logs', `${name}.log`)
  const supervisor = () => (findSupervisor(folder) ? remote(folder) : undefined)
  const startWith = (settings: Settings, progress: Progress, signal: AbortSignal): Start => {
    return { basis: { settings, machine, folder }, account, postgres, progress, signal }
  }

  function isOutdated(): boolean {
    const found = findSupervisor(folder)
    return found !== undefined && found.version !== supervisorVersion()
  }

  async function startAll(start: Start): Promise<number> {
    if (isOutdated()) await endOutdated(start)
    if (!supervisor()) {
      await endLeftovers(folder)
      await options.startSupervisor(folder, supervisorVersion())
    }
    try {
      return await up(start, await Launcher.open(remote(folder), start.progress))
    } catch (error) {
      const running = await remote(folder)
        .running()
        .catch(() => [])
      if (running.length === 0) await endSupervisor(folder)
      throw error
    }
  }

  /** The new version's tables and files are made before anything of the old one is stopped. */
  async function endOutdated(start: Start) {
    start.progress.note('dev/ has changed: every service is restarted')
    await buildFrontend(plan.builderOf(start), start.basis.settings.variables)
    await migrate(start, remote(folder))
    await down(start.progress)
  }

  async function down(progress: Progress): Promise<number> {
    const running = (await supervisor()?.running()) ?? []
    const stop = async ({ name }: { name: ServiceName }) => {
      const begin = Date.now()
      if (await remote(folder).control('stop', name)) progress.done(name, 'stopped', Date.now() - begin)
    }
    // The database last, since the others finish what they have in hand.
    await Promise.all(running.filter(({ name }) => name !== 'postgres').map(stop))
    await Promise.all(running.filter(({ name }) => name === 'postgres').map(stop))
    const left = await endSupervisor(folder)
    await cluster().stop()
    return running.length + left
  }

  return {
    mode: 'embedded',
    check: async (settings, progress, signal) => {
      const isCurrent = supervisor() && !isOutdated()
      const launcher = isCurrent ? await Launcher.open(remote(folder), progress) : undefined
      // What a supervisor that was killed left behind is ended later, and has the ports until then.
      const running = leftovers(folder).length > 0 ? undefined : ((await supervisor()?.running()) ?? [])
      return check(startWith(settings, progress, signal), launcher, running)
    },
    up: (settings, progress, signal) => startAll(startWith(settings, progress, signal)),
    down,
    isRunning: async () => ((await supervisor()?.running()) ?? leftovers(folder)).length > 0,
    status: async () => {
      const left = leftovers(folder).length
      const words = `The supervisor was killed, and ${left} of its processes are left.`
      if (left > 0) throw new CannotContinue(`${words} make up starts again, make down ends them.`)
      return (await supervisor()?.status()) ?? []
    },
    follow: (names, output, signal) => {
      const print = prefixed(names, output)
      const files = names.map((name) => ({ path: logFile(name), print: print(name) }))
      return follow(files, 20, signal)
    },
    log: async (name) => (existsSync(logFile(name)) ? readFileSync(logFile(name), 'utf8') : ''),
    control: async (act, name) => void (await remote(folder).control(act, name)),
    adminUrl,
    client: async (program, args) => clientCommand(access(), machine, [program, ...args]),
    sql: (statement) => query(access(), statement),
    makeAdmin: async (email, settings, signal) => {
      const start = startWith(settings, silent, signal)
      const bundle = await buildAuthServer(plan.builderOf(start))
      const { command, ...where } = plan.makeAdmin(withDatabase(start), bundle, email)
      const { code, output } = await run(command, { ...where, signal })
      if (code !== 0) throw new CannotContinue(output.trim())
      return output
    },
    authServer: async (call, settings, signal) => {
      const start = startWith(settings, silent, signal)
      return plan.authServerCommand(withDatabase(start), await buildAuthServer(plan.builderOf(start)), call)
    },
    doctor: async (args, settings, _isTerminal, signal) => {
      const start = startWith(settings, silent, signal)
      return plan.doctor(withDatabase(start), await buildAuthServer(plan.builderOf(start)), args)
    },
    migrate: async (settings, progress, signal) => {
      const wasRunning = supervisor() !== undefined
      if (!wasRunning) {
        await endLeftovers(folder)
        await superviseHere(folder, supervisorVersion())
      }
      try {
        await migrate(startWith(settings, progress, signal), remote(folder))
      } finally {
        if (!wasRunning) await endSupervisor(folder)
      }
    },
    remove: async () => {
      await endSupervisor(folder)
      await cluster().remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
