import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { freePort, isPortFree } from '../ports.ts'
import { run } from '../processes/run.ts'
import { type Account, giveTo } from './account.ts'
import { forgetStaleLock, runningServer } from './lock.ts'
import { discreetLog } from './log-settings.ts'

export type ClusterOptions = {
  /** Holds everything of the cluster: its data, its superuser's password, its port. */
  folder: string
  logFile: string
  account: Account
  settings: Record<string, string>
  /** Else the port it had last time where that is free, else any free one. */
  port?: number
}
type Running = { pid: number; port: number; adminUrl: string }
export type Cluster = {
  start(): Promise<Running>
  running(): Running | undefined
  stop(): Promise<void>
  remove(): Promise<void>
}

/**
 * Never for data that anyone wants to keep: a power cut may break it. What was committed outlives a killed server, which
 * tests rely on: so commits stay synchronous, and cost a write without fsync.
 */
export const fastAndForgetful = { fsync: 'off', full_page_writes: 'off' }

export function openCluster(options: ClusterOptions): Cluster {
  const { account, logFile } = options
  const folder = account.ownFolder(options.folder)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const portFile = join(folder, 'port')
  const program = (name: string) => [...account.prefix, join(account.binaries, 'bin', name)]

  async function initialise() {
    if (existsSync(data)) return
    // Made beside its final place, so that a killed initdb leaves nothing that looks like a cluster.
    const unfinished = `${data}.new`
    rmSync(unfinished, { recursive: true, force: true })
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    giveTo(account, passwordFile)
    const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    const kind = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions']
    const { code, output } = await run([...program('initdb'), '-D', unfinished, ...login, ...kind], { cwd: folder })
    if (code !== 0) throw new CannotContinue(`PostgreSQL's initdb failed:\n${output.trim()}`)
    renameSync(unfinished, data)
  }

  async function choosePort(): Promise<number> {
    if (options.port !== undefined) return options.port
    const kept = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0
    return kept > 0 && (await isPortFree(kept)) ? kept : freePort()
  }

  function running(): Running | undefined {
    const server = runningServer(data)
    if (!server) return undefined
    const password = readFileSync(passwordFile, 'utf8')
    return { ...server, adminUrl: `postgresql://postgres:${password}@127.0.0.1:${server.port}/postgres` }
  }

  async function start(): Promise<Running> {
    await initialise()
    const found = running()
    if (found) return found
    forgetStaleLock(data)
    const port = await choosePort()
    await launch(port)
    writeFileSync(portFile, `${port}\n`)
    const started = running()
    if (!started) throw new CannotContinue(`PostgreSQL ended right after its start, see ${logFile}`)
    return started
  }

  async function launch(port: number) {
    const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
    const settings = Object.entries({ ...fixed, ...discreetLog, ...options.settings }).map(
      ([name, value]) => `-c ${name}='${value}'`,
    )
    // No pg_ctl --log: the server inherits this file, which its own account may be unable to open.
    const log = openSync(logFile, 'a', 0o600)
    const command = [...program('pg_ctl'), 'start', '-D', data, '-s', '-w', '-t', '30', '-o', settings.join(' ')]
    const { code } = await run(command, { outputTo: log, cwd: folder }).finally(() => closeSync(log))
    if (code === 0) return
    throw new CannotContinue(`PostgreSQL did not start. The end of ${logFile}:\n${lastLines(logFile, 10)}`)
  }

  async function stop() {
    if (!runningServer(data)) return
    for (const mode of ['fast', 'immediate']) {
      await run([...program('pg_ctl'), 'stop', '-D', data, '-s', '-w', '-t', '10', '-m', mode], { cwd: folder })
      if (!runningServer(data)) return
    }
    const server = runningServer(data)
    if (server) process.kill(server.pid, 'SIGKILL')
  }

  async function remove() {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }

  return { start, running, stop, remove }
}

function lastLines(file: string, count: number): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
}
