import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { type Port, refuseTakenPorts } from '../processes/ports.ts'
import { isReady, waitUntilReady } from '../processes/ready.ts'
import { endGroup, groupMembers, identityOf, type ProcessIdentity, signalFamily } from '../processes/table.ts'
import type { ServiceName, ServiceStatus } from '../stack.ts'
import { indented, sizeOf, tail } from '../terminal/logs.ts'

/** How a service is run. It holds secrets: it is kept in memory and goes over the stack's own socket, to no file. */
export type Spec = {
  name: ServiceName
  command: string[]
  cwd: string
  env: Record<string, string>
  ports: Port[]
  /** Responds with 2xx, or with a row if it is PostgreSQL, once the service can do its work. */
  ready: string
  logFile: string
  /** What asks it to stop; the next one follows when it takes too long. */
  stopSignals: NodeJS.Signals[]
  stopGraceMs?: number
  /** Changes when the service must be restarted: its code, its command or its settings are others. */
  fingerprint: string
}

/** What a supervisor knows of a service: its process while it runs, and how it ended, unless it was stopped. */
export type Known = Spec & { pid?: number; ended?: string }

const startDeadlineMs = 30_000
const stopGraceMs = 15_000
const logLimitBytes = 20 * 1024 * 1024
const shownLines = 15

/** One service, as a child process that leads a process group of its own. */
export class Service {
  readonly spec: Spec
  #leader: ProcessIdentity | undefined
  /** How it ended, unless it runs or was stopped. */
  #ended: string | undefined

  constructor(spec: Spec) {
    this.spec = spec
  }

  /** The process that was started last, alive or not: children of its may be left. */
  get leader(): ProcessIdentity | undefined {
    return this.#leader
  }

  get isRunning(): boolean {
    return this.#leader !== undefined && this.#ended === undefined
  }

  /** Returns once it is ready. `launched` is called as soon as there is a process. */
  async start(signal: AbortSignal, ours: Iterable<number> = [], launched: () => void = () => undefined): Promise<void> {
    const { name, ports, logFile, ready } = this.spec
    if (this.isRunning) return
    await refuseTakenPorts(ports, ours)
    const logStart = sizeOf(logFile)
    this.#launch()
    launched()
    const outcome = await this.becomesReady(startDeadlineMs, signal)
    if (outcome === 'ready') return
    const seconds = startDeadlineMs / 1000
    const reason =
      outcome === 'ended' ? (this.#ended ?? 'it ended') : `it was not ready within ${seconds} s (${at(ready)})`
    const lines = tail(logFile, shownLines, logStart)
    const said = lines.length > 0 ? `Its log says:\n\n${indented(lines)}` : 'Its log is empty.'
    throw new CannotContinue(`${name} did not start: ${reason}. ${said}\n\nThe whole log: ${logFile}`)
  }

  becomesReady(deadlineMs: number, signal: AbortSignal): Promise<'ready' | 'ended' | 'too late'> {
    return waitUntilReady({ url: this.spec.ready, deadlineMs, isAlive: () => this.isRunning, signal })
  }

  #launch() {
    const { command, cwd, env, logFile } = this.spec
    const [program = '', ...args] = command
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
    keepSmall(logFile)
    const log = openSync(logFile, 'a', 0o600)
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    child.on('error', () => undefined)
    const { pid } = child
    if (pid === undefined) throw new CannotContinue(`Cannot start ${program}: there is no such program.`)
    this.#leader = identityOf(pid) ?? { pid, startedAt: 'ended at once' }
    this.#ended = undefined
    child.once('exit', (code, signal) => {
      if (this.#leader?.pid !== pid) return
      this.#ended = signal ? `it was ended by ${signal}` : `it exited with code ${code}`
    })
  }

  /** Ends it with all its children, also those that a leader who died left behind. False if there was nothing to stop. */
  async stop(): Promise<boolean> {
    const leader = this.#leader?.pid
    const isThere = leader !== undefined && groupMembers(leader).length > 0
    if (isThere) await endGroup(leader, this.spec.stopSignals, this.spec.stopGraceMs ?? stopGraceMs)
    this.#leader = undefined
    this.#ended = undefined
    return isThere
  }

  /** To each of its processes. */
  send(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.isRunning && this.#leader) signalFamily(this.#leader.pid, signal)
  }

  known(): Known {
    const pid = this.isRunning ? this.#leader?.pid : undefined
    return { ...this.spec, ...(pid !== undefined && { pid }), ...(this.#ended && { ended: this.#ended }) }
  }
}

export function portsOf(specs: readonly Spec[]): number[] {
  return specs.flatMap(({ ports }) => ports.map(({ port }) => port))
}

export async function statusOf(known: Known): Promise<ServiceStatus> {
  const { name, ready, logFile, pid, ended } = known
  const ports = portsOf([known])
  if (pid !== undefined) return { name, ports, pid, state: (await isReady(ready)) ? 'ready' : 'not ready' }
  const last = ended && { reason: ended, lastLines: tail(logFile, shownLines) }
  return { name, ports, state: 'stopped', ...(last && { ended: last }) }
}

/** Without the password of a database. */
function at(ready: string): string {
  const { protocol, host, pathname } = new URL(ready)
  return `${protocol}//${host}${pathname}`
}

function keepSmall(log: string) {
  if (sizeOf(log) > logLimitBytes) renameSync(log, `${log}.1`)
}
