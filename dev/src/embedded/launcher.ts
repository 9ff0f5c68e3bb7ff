import type { Progress, ServiceName } from '../stack.ts'
import type { Spec } from '../supervisor/service.ts'
import type { Remote } from '../supervisor/socket.ts'

export type Launcher = ReturnType<typeof createLauncher>

/**
 * Brings services into the state that is wanted, and remembers what it changed, so that it can be undone.
 *
 * @param before what ran when it began
 */
export function createLauncher(supervisor: Remote, before: readonly Spec[], progress: Progress) {
  const changed = new Set<ServiceName>()
  const running = (name: ServiceName) => before.find((spec) => spec.name === name)
  const isCurrent = (spec: Spec) => running(spec.name)?.fingerprint === spec.fingerprint

  async function ensure(spec: Spec, signal: AbortSignal): Promise<void> {
    const { name } = spec
    if (!isCurrent(spec)) changed.add(name)
    const begin = Date.now()
    const { did, wasStuck } = await supervisor.ensure(spec, signal)
    if (did === 'nothing') return
    changed.add(name)
    if (wasStuck) progress.note(`${name} ran but was not ready`)
    progress.done(name, did, Date.now() - begin)
  }

  /** Stops what it started, and starts what it replaced, with the settings that it had. */
  async function undo(): Promise<void> {
    const stopped = await Promise.all([...changed].map((name) => supervisor.control('stop', name)))
    if (stopped.includes(true)) progress.note('what was started is stopped again')
    // Not the signal that ended the start: what ran before must run again after a Ctrl-C as well.
    const { signal } = new AbortController()
    const restarts = before.map(async (spec) => {
      if (!changed.has(spec.name)) return
      await supervisor.ensure(spec, signal)
      progress.note(`${spec.name} runs again as before`)
    })
    for (const outcome of await Promise.allSettled(restarts)) {
      if (outcome.status === 'rejected') progress.note(`not started again: ${String(outcome.reason)}`)
    }
  }

  return { changed, running, isCurrent, ensure, undo }
}
