import { waitUntilAnswering } from '../processes/answering.ts'
import type { Progress } from '../stack.ts'
import type { PostgresService } from './postgres-service.ts'
import { type ProcessSpec, processService } from './process-service.ts'
import { readRecord, writeRecord } from './record.ts'
import type { Service } from './service.ts'

/** Brings services into the state that is wanted, and remembers which of them it had to start. */
export type Launcher = {
  runs(spec: ProcessSpec): boolean
  ensure(spec: ProcessSpec, signal: AbortSignal): Promise<void>
  /** True if it had to be started. */
  ensurePostgres(service: PostgresService, settings: Record<string, string>, signal: AbortSignal): Promise<boolean>
  started(): Service[]
}

/** How long a service that runs may be silent before it counts as stuck. */
const silenceMs = 5000

export function createLauncher({ folder, progress }: { folder: string; progress: Progress }): Launcher {
  const started: Service[] = []

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
      progress.note(`${spec.name} runs but does not answer: starting it anew`)
    }
    await service.stop()
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

  return {
    runs: (spec) => processService(spec, folder).runsAsSpecified(),
    ensure,
    ensurePostgres,
    started: () => started,
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
