import { waitUntilAnswering } from '../processes/answering.ts'
import type { Progress } from '../stack.ts'
import type { PostgresService } from './postgres-service.ts'
import { type ProcessSpec, processService } from './process-service.ts'
import { readRecord, writeRecord } from './record.ts'
import type { Service } from './service.ts'

/** Brings services into the state that is wanted, and remembers which of them it had to start. */
export type Launcher = {
  runs(spec: ProcessSpec): boolean
  /** Whether `ensure` would end a process that runs with other settings or other code. */
  replaces(spec: ProcessSpec): boolean
  ensure(spec: ProcessSpec, signal: AbortSignal): Promise<void>
  /** True if it had to be started. */
  ensurePostgres(service: PostgresService, settings: Record<string, string>, signal: AbortSignal): Promise<boolean>
  started(): Service[]
  /** Starts again what `ensure` replaced, with the settings that it had. */
  restore(): Promise<void>
}

/** How long a service that runs may be silent before it counts as stuck. */
const silenceMs = 5000

export function createLauncher({ folder, progress }: { folder: string; progress: Progress }): Launcher {
  const started: Service[] = []
  const replaced: ProcessSpec[] = []

  async function launch(service: Service, what: string, signal: AbortSignal) {
    signal.throwIfAborted()
    started.push(service)
    const begin = Date.now()
    await service.start(signal)
    progress.done(service.name, what, Date.now() - begin)
  }

  async function ensure(spec: ProcessSpec, signal: AbortSignal) {
    const service = processService(spec, folder)
    const isRunning = service.pid() !== undefined
    if (service.runsAsSpecified()) {
      const isAlive = () => service.pid() !== undefined
      const outcome = await waitUntilAnswering({ url: spec.ready, deadlineMs: silenceMs, isAlive, signal })
      if (outcome === 'answering') return
      progress.note(`${spec.name} runs but does not answer: starting it again`)
    }
    const before = isRunning && readRecord(folder)?.processes.find(({ name }) => name === spec.name)
    await service.stop()
    if (before) replaced.push(before)
    remember(folder, { processes: [spec] })
    await launch(service, isRunning ? 'restarted' : 'started', signal)
  }

  async function ensurePostgres(service: PostgresService, settings: Record<string, string>, signal: AbortSignal) {
    if (service.pid() !== undefined) return false
    const [port] = service.ports
    remember(folder, { postgres: { settings, ...(port && { port: port.port }) }, processes: [] })
    await launch(service, 'started', signal)
    return true
  }

  async function restore() {
    // Not the signal that ended the start: what ran before is owed to its users after a Ctrl-C as well.
    const { signal } = new AbortController()
    const again = replaced.map(async (spec) => {
      remember(folder, { processes: [spec] })
      await processService(spec, folder).start(signal)
      progress.note(`${spec.name} runs again as before`)
    })
    for (const outcome of await Promise.allSettled(again)) {
      if (outcome.status === 'rejected') progress.note(`not started again: ${String(outcome.reason)}`)
    }
  }

  return {
    runs: (spec) => processService(spec, folder).runsAsSpecified(),
    replaces: (spec) => {
      const service = processService(spec, folder)
      return service.pid() !== undefined && !service.runsAsSpecified()
    },
    ensure,
    ensurePostgres,
    started: () => started,
    restore,
  }
}

/** Before it starts, so that `make down` finds it even if this process is killed meanwhile. */
function remember(folder: string, news: NonNullable<ReturnType<typeof readRecord>>) {
  const known = readRecord(folder)
  const isNews = (spec: ProcessSpec) => news.processes.some((fresh) => fresh.name === spec.name)
  const processes = [...(known?.processes ?? []).filter((spec) => !isNews(spec)), ...news.processes]
  const postgres = news.postgres ?? known?.postgres
  writeRecord(folder, { processes, ...(postgres && { postgres }) })
}
