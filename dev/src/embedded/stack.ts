import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { chooseAccount } from '../postgres/account.ts'
import { findBinaries } from '../postgres/binaries.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Settings } from '../settings/settings.ts'
import { searchBoth } from '../sql.ts'
import { type ServiceName, type ServiceStatus, type Stack, silent } from '../stack.ts'
import { follow } from '../terminal/follow.ts'
import { prefixed } from '../terminal/prefix.ts'
import { check } from './check.ts'
import { stopServices } from './down.ts'
import { makeAdmin } from './make-admin.ts'
import { migrateAlone } from './migrate.ts'
import { postgresService } from './postgres-service.ts'
import type { Service } from './service.ts'
import { recordedServices } from './services.ts'
import { clientCommand, query } from './sql.ts'
import { up } from './up.ts'

export type EmbeddedOptions = {
  /** Where its data, logs and pid files are. */
  folder: string
  /** What the machine's environment gives to every process. */
  machine: Variables
  /** PostgreSQL's own settings. */
  postgres: Record<string, string>
  /** Those that its database is looked into with. */
  settings: Settings
}

export async function openEmbedded({ folder, machine, postgres, settings: own }: EmbeddedOptions): Promise<Stack> {
  const account = await chooseAccount(findBinaries())
  const services = () => recordedServices(folder, account)

  function service(name: ServiceName): Service {
    const found = services().find((one) => one.name === name)
    if (!found) throw new CannotContinue(`There is no ${name} in this stack.`)
    return found
  }

  const adminUrl = () => postgresService({ folder, account, settings: postgres }).cluster.running()?.adminUrl
  const access = () => ({ adminUrl: adminUrl(), options: searchBoth(own.variables) })

  return {
    mode: 'embedded',
    check: (settings, progress, signal) => {
      return check({ folder, account, basis: { settings, machine }, postgres, progress, signal })
    },
    up: (settings, progress, signal) => {
      return up({ folder, account, basis: { settings, machine }, postgres, progress, signal })
    },
    down: (progress) => stopServices(services(), progress),
    isRunning: async () => services().some((one) => one.pid() !== undefined),
    status: () => Promise.all(services().map(describe)),
    follow: (names, output, signal) => {
      const print = prefixed(names, output)
      const files = names.map((name) => ({ path: join(folder, 'logs', `${name}.log`), print: print(name) }))
      return follow(files, 20, signal)
    },
    log: async (name) => {
      const path = join(folder, 'logs', `${name}.log`)
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    },
    control: async (act, name) => {
      const one = service(name)
      if (act === 'start') return one.start(new AbortController().signal)
      if (act === 'stop') return void (await one.stop())
      one.send(signals[act])
      if (act === 'kill') await one.stop()
    },
    adminUrl,
    client: async (program, args) => clientCommand(access(), machine, [program, ...args]),
    makeAdmin: (email, settings, signal) => {
      const start = { folder, account, basis: { settings, machine }, postgres, progress: silent, signal }
      return makeAdmin(start, email)
    },
    sql: (statement) => query(access(), statement),
    migrate: (settings, progress, signal) => {
      return migrateAlone({ folder, account, basis: { settings, machine }, postgres, progress, signal })
    },
    remove: async () => {
      await stopServices(services(), silent)
      await postgresService({ folder, account, settings: {} }).cluster.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const signals = { kill: 'SIGKILL', pause: 'SIGSTOP', resume: 'SIGCONT' } as const

async function describe(service: Service): Promise<ServiceStatus> {
  const pid = service.pid()
  const { name } = service
  const ports = service.ports.map(({ port }) => port)
  if (pid === undefined) return { name, ports, state: 'stopped' }
  return { name, ports, pid, state: (await service.isAnswering()) ? 'answering' : 'not answering' }
}
