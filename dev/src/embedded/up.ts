import { CannotContinue } from '../errors.ts'
import { usesDemoProvider } from '../stand-ins.ts'
import type { Spec } from '../supervisor/service.ts'
import { type Build, buildAuthServer, buildFrontend } from './builds.ts'
import { foreignPorts } from './check.ts'
import { beginMigrations, onDatabase, type Start, startDatabase } from './database.ts'
import type { Launcher } from './launcher.ts'
import * as plan from './plan.ts'

/**
 * Starts what does not run, replaces what was changed, and leaves alone what runs as it should. Returns how many
 * services it started, once all are ready. A service that runs is replaced once everything new is built and migrated; if
 * anything fails, what this call started is stopped and what it replaced is started again as it was.
 */
export async function up(start: Start, launcher: Launcher): Promise<number> {
  // The check has looked already, unless services of a supervisor that was killed were in the way.
  const taken = await foreignPorts(start.basis.settings, launcher.before)
  if (taken.length > 0) throw new CannotContinue(taken.join('\n'))
  try {
    await concurrently(start.signal, (signal) => tasks({ ...start, signal }, launcher))
    return launcher.started.length
  } catch (error) {
    await launcher.undo()
    throw error
  }
}

function tasks(start: Start, launcher: Launcher): Promise<unknown>[] {
  const { basis, signal } = start
  const builder = plan.builderOf(start)
  const bundle = buildAuthServer(builder)
  const site = buildFrontend(builder, basis.settings.variables)
  const application = prepareApplication(start, launcher, bundle)
  const migrated = application.then(({ prepared }) => prepared.all)
  const allNew = Promise.all([bundle, site, migrated])
  const launch = async (spec: Spec) => {
    if (launcher.replaces(spec)) await allNew
    await launcher.ensure(spec, signal)
  }
  return [
    allNew,
    launch(plan.mailSpec(basis)),
    ...(usesDemoProvider(basis.settings) ? [launch(plan.providerSpec(basis))] : []),
    site.then((build) => launch(plan.frontendSpec(basis, build))),
    application.then(({ prepared, authServer }) => prepared.auth.then(() => launch(authServer))),
    application.then(({ prepared, backend }) => prepared.all.then(() => launch(backend))),
  ]
}

/** Nothing serves before its tables are there. */
async function prepareApplication(start: Start, launcher: Launcher, building: Promise<Build>) {
  const database = await startDatabase(start, launcher, start.signal)
  const bundle = await building
  const basis = onDatabase(start.basis, database)
  const authServer = plan.authServerSpec(basis, bundle)
  const backend = plan.backendSpec(basis)
  const isPrepared = !database.isNew && launcher.runs(authServer) && launcher.runs(backend)
  const nothing = { auth: Promise.resolve(), all: Promise.resolve() }
  return { authServer, backend, prepared: isPrepared ? nothing : beginMigrations(start, database, bundle) }
}

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
