import type { Progress, ServiceName } from '../stack.ts'
import type { Spec } from '../supervisor/service.ts'
import type { Remote } from '../supervisor/socket.ts'

/** Brings services into the state that is wanted, and remembers what it changed, so that it can be undone. */
export class Launcher {
  readonly #supervisor: Remote
  /** What ran when the launcher was made. */
  readonly before: Spec[]
  readonly #progress: Progress
  readonly #replaced: Spec[] = []
  readonly started: ServiceName[] = []

  private constructor(supervisor: Remote, before: Spec[], progress: Progress) {
    this.#supervisor = supervisor
    this.before = before
    this.#progress = progress
  }

  static async open(supervisor: Remote, progress: Progress): Promise<Launcher> {
    return new Launcher(supervisor, await supervisor.running(), progress)
  }

  running(name: ServiceName): Spec | undefined {
    return this.before.find((spec) => spec.name === name)
  }

  runs(spec: Spec): boolean {
    return this.running(spec.name)?.fingerprint === spec.fingerprint
  }

  /** Whether `ensure` would end a process that runs with other settings or other code. */
  replaces(spec: Spec): boolean {
    return this.running(spec.name) !== undefined && !this.runs(spec)
  }

  async ensure(spec: Spec, signal: AbortSignal): Promise<void> {
    const { name } = spec
    const before = this.running(name)
    if (before && !this.runs(spec)) this.#replaced.push(before)
    if (!this.runs(spec)) this.started.push(name)
    const begin = Date.now()
    const { did, wasStuck } = await this.#supervisor.ensure(spec, signal)
    if (did === 'nothing') return
    if (this.runs(spec)) this.started.push(name)
    if (wasStuck) this.#progress.note(`${name} ran but was not ready`)
    this.#progress.done(name, did, Date.now() - begin)
  }

  /** Stops what it started, and starts what it replaced, with the settings that it had. */
  async undo(): Promise<void> {
    const stopped = await Promise.all(this.started.map((name) => this.#supervisor.control('stop', name)))
    if (stopped.includes(true)) this.#progress.note('what was started is stopped again')
    // Not the signal that ended the start: what ran before must run again after a Ctrl-C as well.
    const { signal } = new AbortController()
    const restarts = this.#replaced.map(async (spec) => {
      await this.#supervisor.ensure(spec, signal)
      this.#progress.note(`${spec.name} runs again as before`)
    })
    for (const outcome of await Promise.allSettled(restarts)) {
      if (outcome.status === 'rejected') this.#progress.note(`not started again: ${String(outcome.reason)}`)
    }
  }
}
