import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotContinue } from '../errors.ts'
import { endGroup, groupMembers, identityOf, isAlive } from '../processes/table.ts'
import { tail } from '../terminal/logs.ts'
import { type Remote, remote, serve, socketFile } from './socket.ts'
import { recordFile, Supervisor, type SupervisorRecord } from './supervisor.ts'

const startDeadlineMs = 20_000
const watchIntervalMs = 3000

/** In this process, for a stack that is not to outlive it. */
export async function superviseHere(folder: string, version: string): Promise<void> {
  await serve(new Supervisor(folder, version), folder)
}

/** What runs in the detached process. A supervisor whose record is gone ends with its services: no command can find it. */
export async function supervise(folder: string, version: string): Promise<void> {
  const supervisor = new Supervisor(folder, version)
  const end = () => void supervisor.end().then(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  setInterval(() => readRecord(folder)?.pid !== process.pid && end(), watchIntervalMs).unref()
  await serve(supervisor, folder)
}

/** In a process of its own, which outlives this one. `program` runs `supervise`. */
export function superviseDetached(program: string[], env: Record<string, string>) {
  return async (folder: string, version: string): Promise<void> => {
    mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 })
    const logFile = join(folder, 'logs', 'supervisor.log')
    const log = openSync(logFile, 'w', 0o600)
    const [file = '', ...args] = program
    const child = spawn(file, [...args, folder, version], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    child.unref()
    for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await sleep(20)) {
      if (child.exitCode !== null || child.signalCode !== null) break
      if (findSupervisor(folder)?.pid === child.pid && (await responds(remote(folder)))) return
    }
    child.kill('SIGKILL')
    throw new CannotContinue(`The supervisor did not start:\n\n${tail(logFile, 15).join('\n')}`)
  }
}

async function responds(supervisor: Remote): Promise<boolean> {
  try {
    await supervisor.known()
    return true
  } catch {
    return false
  }
}

/** The record of the supervisor that runs for the folder. */
export function findSupervisor(folder: string): SupervisorRecord | undefined {
  const record = readRecord(folder)
  return record && isAlive(record) ? record : undefined
}

/** Stops everything and waits for the supervisor's end, or ends what a killed one has left: gives how many that were. */
export async function endSupervisor(folder: string): Promise<number> {
  const found = findSupervisor(folder)
  if (found) await remote(folder).end()
  if (found && found.pid !== process.pid) await endGroup(found.pid, ['SIGTERM'], 10_000)
  const left = await endLeftovers(folder)
  for (const name of [recordFile, socketFile]) rmSync(join(folder, name), { force: true })
  return left
}

/** How many processes of a killed supervisor are there. */
export function leftovers(folder: string): SupervisorRecord['children'] {
  const record = readRecord(folder)
  if (!record || isAlive(record)) return []
  // A leader that is gone may have left members of its group; a pid that another process has now means nothing.
  return record.children.filter((child) => {
    const isOurs = isAlive(child) || identityOf(child.pid) === undefined
    return isOurs && groupMembers(child.pid).length > 0
  })
}

export async function endLeftovers(folder: string): Promise<number> {
  const left = leftovers(folder)
  await Promise.all(left.map(({ pid, stopSignals }) => endGroup(pid, stopSignals, 15_000)))
  return left.length
}

function readRecord(folder: string): SupervisorRecord | undefined {
  const path = join(folder, recordFile)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SupervisorRecord
  } catch {
    // Cut off by a crash of the machine, which left no process either.
    return undefined
  }
}
