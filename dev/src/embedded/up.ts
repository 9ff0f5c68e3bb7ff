import type { Work } from '../stack.ts'
import type { Spec } from '../supervisor/service.ts'
import type { Launcher } from './launcher.ts'
import { beginMigrations } from './migrations.ts'
import type { Plan } from './plan.ts'

type Start = Work & {
  plan: Plan
  launcher: Launcher
  /** Makes the data folder of the stack's own PostgreSQL. */
  prepareDatabase(): Promise<unknown>
}

/**
 * Starts what does not run, replaces what was changed, and leaves alone what runs as it should. Returns how many
 * services it started, once all are ready. A service that runs is replaced once everything new is built and migrated; if
 * anything fails, what this call started is stopped and what it replaced is started again as it was.
 */
export async function up(start: Start): Promise<number> {
  const { launcher, signal } = start
  try {
    await concurrently(signal, (inner) => tasks({ ...start, signal: inner }))
    return launcher.changed.size
  } catch (error) {
    await launcher.undo()
    throw error
  }
}

function tasks({ plan, launcher, prepareDatabase, ...work }: Start): Promise<unknown>[] {
  const { running, isCurrent, ensure } = launcher
  const { services, frontend, migrations } = plan
  const site = frontend()
  const database = startDatabase()
  const isMigrated = services.every((spec) => isCurrent(spec) || !needsTables.has(spec.name))
  const tables = isMigrated ? undefined : database.then(() => beginMigrations(migrations, work))
  const migrated = tables?.then(({ all }) => all) ?? database
  const allNew = Promise.all([site, migrated])

  async function startDatabase(): Promise<void> {
    const spec = services.find(({ name }) => name === 'postgres')
    if (!spec) return
    if (!running('postgres')) await prepareDatabase()
    // One that runs has its port, whatever the settings say by now.
    await ensure(running('postgres') ?? spec, work.signal)
  }

  async function launch(spec: Spec): Promise<void> {
    // Nothing serves before its tables are there.
    if (spec.name === 'auth-server') await tables?.then(({ auth }) => auth)
    if (spec.name === 'backend') await migrated
    if (running(spec.name) && !isCurrent(spec)) await allNew
    await ensure(spec, work.signal)
  }

  const others = services.filter(({ name }) => name !== 'postgres')
  return [allNew, ...others.map(launch), site.then(launch)]
}

const needsTables = new Set<string>(['postgres', 'auth-server', 'backend'])

/**
 * Lets the tasks run side by side and returns when all have ended. The first that fails aborts the signal that the
 * others were given, and its error is the one that is thrown.
 */
async function concurrently(outer: AbortSignal, begin: (signal: AbortSignal) => Promise<unknown>[]): Promise<void> {
  const controller = new AbortController()
  const failures: unknown[] = []
  const tasks = begin(AbortSignal.any([outer, controller.signal])).map((task) =>
    task.catch((error: unknown) => {
      failures.push(error)
      controller.abort(error)
    }),
  )
  await Promise.all(tasks)
  outer.throwIfAborted()
  if (failures.length > 0) throw failures[0]
}
