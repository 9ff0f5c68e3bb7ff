import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, isPortFree } from '../processes/ports.ts'
import { type Finished, mustRun } from '../processes/run.ts'
import { commandLine, endGroup, processesIn } from '../processes/table.ts'
import { type Account, giveTo } from './account.ts'

export type ClusterOptions = {
  /** Holds everything of the cluster: its data, its superuser's password, its port. */
  folder: string
  account: Account
  settings: Record<string, string>
  /** Else the port it had last time where that is free, else any free one. */
  port?: number | undefined
}
/** The server's address, as superuser. */
export type Running = { pid: number; port: number; adminUrl: string }
/** What starts the server, which stays in the foreground. */
export type Server = { command: string[]; cwd: string; port: number; adminUrl: string }
export type Cluster = {
  /** How it is started, and where it will be. A server that runs keeps its port. */
  plan(): Promise<Server>
  /** Makes the data where there is none, and removes what a killed server left. */
  prepare(): Promise<Server>
  /** Who serves the data, whichever process started it. */
  running(): Running | undefined
  /** Whichever process started the server. */
  stop(): Promise<void>
  remove(): Promise<void>
}

/** Fast shutdown, then immediate: https://www.postgresql.org/docs/current/server-shutdown.html */
export const stopSignals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

/**
 * Never for data that anyone wants to keep: a power cut may break it. What was committed outlives a killed server, which
 * tests rely on: so commits stay synchronous, and cost a write without fsync.
 */
export const throwawaySettings = { fsync: 'off', full_page_writes: 'off', max_connections: '300' }

/**
 * PostgreSQL's log without mail addresses. By default it shows the row that broke a rule (DETAIL), the statement
 * (STATEMENT) and its parameters. The same stands in docker-compose.yaml. What a message itself quotes ("invalid input
 * syntax for type …: "…"") remains: the services never let the server cast what a user wrote.
 */
const discreetLog = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_min_duration_statement: '-1',
}

export function openCluster(options: ClusterOptions): Cluster {
  const { account } = options
  const folder = account.ownFolder(options.folder)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const portFile = join(folder, 'port')
  const program = (name: string) => [...account.prefix, join(account.binaries, 'bin', name)]
  const urlOf = (port: number) =>
    `postgresql://postgres:${readFileSync(passwordFile, 'utf8')}@127.0.0.1:${port}/postgres`

  async function initialise() {
    if (existsSync(data)) return
    // Made beside its final place, so that a killed initdb leaves nothing that looks like a cluster.
    const unfinished = `${data}.new`
    rmSync(unfinished, { recursive: true, force: true })
    const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    const kind = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions']
    const command = [...program('initdb'), '-D', unfinished, ...login, ...kind]
    const message = ({ output }: Finished) => `PostgreSQL's initdb failed:\n${output.trim()}`
    await mustRun({ command, cwd: folder }, undefined, message)
    renameSync(unfinished, data)
  }

  async function choosePort(): Promise<number> {
    const running = runningServer(data)
    if (running) return running.port
    if (options.port !== undefined) return options.port
    const kept = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0
    return kept > 0 && (await isPortFree(kept)) ? kept : freePort()
  }

  async function plan(): Promise<Server> {
    if (!existsSync(passwordFile)) {
      writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
      giveTo(account, passwordFile)
    }
    const port = await choosePort()
    writeFileSync(portFile, `${port}\n`)
    const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
    const settings = Object.entries({ ...fixed, ...discreetLog, ...options.settings })
    const flags = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return { command: [...program('postgres'), '-D', data, ...flags], cwd: folder, port, adminUrl: urlOf(port) }
  }

  async function prepare(): Promise<Server> {
    await stop()
    const server = await plan()
    await initialise()
    forgetStaleLock(data)
    return server
  }

  async function stop() {
    const server = runningServer(data)
    if (server) await endGroup(server.pid, stopSignals, 10_000)
    await untilEmpty(data)
  }

  return {
    plan,
    prepare,
    stop,
    running: () => {
      const server = runningServer(data)
      return server && { ...server, adminUrl: urlOf(server.port) }
    },
    remove: async () => {
      await stop()
      // A link where the data lies elsewhere.
      if (existsSync(folder)) rmSync(realpathSync(folder), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Who holds the data folder, by PostgreSQL's own lock file. Undefined if no server does, whatever the file says. */
function runningServer(data: string): { pid: number; port: number } | undefined {
  const lines = lockLines(data)
  const pid = Number(lines[0])
  return pid && isServerOf(data, pid) ? { pid, port: Number(lines[3]) } : undefined
}

/**
 * After a crash the lock names a dead process, which PostgreSQL sees through; or a pid that meanwhile belongs to
 * something else, or a zombie that is never reaped (containers without an init): for those it would refuse to start until
 * the file is removed by hand.
 */
function forgetStaleLock(data: string): void {
  const pid = Number(lockLines(data)[0])
  if (pid && exists(pid) && !isServerOf(data, pid)) rmSync(lockFile(data), { force: true })
}

/** A server that was killed leaves its children for a moment: no other starts while they are attached to its memory. */
async function untilEmpty(data: string): Promise<void> {
  const folder = existsSync(data) ? realpathSync(data) : data
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
    if (!processesIn(folder).some((pid) => commandLine(pid)?.includes('postgres'))) return
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isServerOf(data: string, pid: number): boolean {
  const command = commandLine(pid)
  return command?.includes('postgres') === true && command.includes(data)
}

function lockFile(data: string) {
  return join(data, 'postmaster.pid')
}

function lockLines(data: string): string[] {
  return existsSync(lockFile(data)) ? readFileSync(lockFile(data), 'utf8').split('\n') : []
}
