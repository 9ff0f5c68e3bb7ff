import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { identityOf, type ProcessIdentity } from '../processes/table.ts'
import type { Control, ServiceName } from '../stack.ts'
import { type Known, portsOf, Service, type Spec } from './service.ts'

export type Ensured = {
  did: 'nothing' | 'started' | 'restarted'
  /** It ran as specified, and was not ready. */
  wasStuck: boolean
}

/** Who supervises the stack of a folder, and the processes that are left if it is killed. */
export type SupervisorRecord = ProcessIdentity & {
  /** Of the code that runs in it. */
  version: string
  children: (ProcessIdentity & { stopSignals: NodeJS.Signals[] })[]
}

/** How long a service that runs may be silent before it counts as stuck. */
const silenceMs = 5000

/** The parent of a stack's services: it knows their state because it started them. */
export class Supervisor {
  readonly #folder: string
  readonly #version: string
  readonly #services = new Map<ServiceName, Service>()
  readonly #turns = new Map<ServiceName, Promise<unknown>>()

  constructor(folder: string, version: string) {
    this.#folder = folder
    this.#version = version
    this.#record()
  }

  /** Lets the service run as specified: starts it, replaces it, or finds that it does. Returns once it is ready. */
  ensure(spec: Spec, signal: AbortSignal): Promise<Ensured> {
    return this.#inTurn(spec.name, async () => {
      const before = this.#services.get(spec.name)
      const wasRunning = before?.isRunning === true
      const isAsSpecified = wasRunning && before.spec.fingerprint === spec.fingerprint
      if (isAsSpecified && (await before.becomesReady(silenceMs, signal)) === 'ready') {
        return { did: 'nothing', wasStuck: false }
      }
      const wasStuck = isAsSpecified && before.isRunning
      await before?.stop()
      const service = new Service(spec)
      this.#services.set(spec.name, service)
      await this.#start(service, signal)
      return { did: wasRunning ? 'restarted' : 'started', wasStuck }
    })
  }

  /** In the order in which they were started first. */
  known(): Known[] {
    return [...this.#services.values()].map((service) => service.known())
  }

  /** False if there was nothing to stop. */
  async control(act: Control, name: ServiceName, signal: AbortSignal): Promise<boolean> {
    const service = this.#services.get(name)
    if (!service && act === 'stop') return false
    if (!service) throw new CannotContinue(`There is no ${name} in this stack.`)
    if (act === 'pause') service.send('SIGSTOP')
    if (act === 'resume') service.send('SIGCONT')
    if (act === 'kill') service.send('SIGKILL')
    if (act === 'start') await this.#inTurn(name, () => this.#start(service, signal))
    return act === 'stop' || act === 'kill' ? this.#inTurn(name, () => service.stop()) : true
  }

  /** The database last, since the others finish what they have in hand. */
  async end(): Promise<void> {
    const services = [...this.#services.values()]
    const isFirst = ({ spec }: Service) => spec.name === 'postgres'
    const stop = (service: Service) => this.#inTurn(service.spec.name, () => service.stop())
    await Promise.all(services.filter((service) => !isFirst(service)).map(stop))
    await Promise.all(services.filter(isFirst).map(stop))
  }

  /** One that does not get ready is stopped again. */
  async #start(service: Service, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    try {
      await service.start(signal, portsOf(this.known()), () => this.#record())
    } catch (error) {
      await service.stop()
      throw error
    }
  }

  /** One thing at a time happens to a service. */
  #inTurn<T>(name: ServiceName, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work)
    this.#turns.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }

  /** At each start, so that the next `make` finds every process even if this one is killed. */
  #record() {
    const children = [...this.#services.values()].flatMap(({ leader, spec: { stopSignals } }) =>
      leader ? [{ ...leader, stopSignals }] : [],
    )
    const record = { ...identityOf(process.pid), version: this.#version, children }
    const path = join(this.#folder, recordFile)
    writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
}

export const recordFile = 'supervisor.json'
