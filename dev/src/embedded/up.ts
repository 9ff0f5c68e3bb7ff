import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { silent } from '../stack.ts'
import { type Build, buildAuthServer, buildFrontend } from './builds.ts'
import { concurrently } from './concurrently.ts'
import { beginMigrations, type Database, onDatabase, startDatabase } from './database.ts'
import { stopServices } from './down.ts'
import { createLauncher, type Launcher } from './launcher.ts'
import * as plan from './plan.ts'
import { refuseForeignPorts } from './ports.ts'
import type { ProcessSpec } from './process-service.ts'
import { recordedServices } from './services.ts'
import type { Start } from './start.ts'

/**
 * Starts what does not run, replaces what was changed, and leaves alone what runs as it should. Returns how many
 * services it started, once all answer. A service that runs is replaced once everything new is built and migrated; if
 * anything fails, what this call started is stopped and what it replaced is started again as it was.
 */
export async function up(start: Start): Promise<number> {
  mkdirSync(join(start.folder, 'logs'), { recursive: true, mode: 0o700 })
  await refuseForeignPorts(start.basis.settings.ports, recordedServices(start.folder, start.account))
  const launcher = createLauncher(start)
  try {
    await concurrently(start.signal, (signal) => tasks({ ...start, signal }, launcher))
    return launcher.started().length
  } catch (error) {
    const stoppedCount = await stopServices(launcher.started(), silent)
    if (stoppedCount > 0) start.progress.note('what was started is stopped again')
    await launcher.restore()
    throw error
  }
}

function tasks(start: Start, launcher: Launcher): Promise<unknown>[] {
  const { basis, progress, signal } = start
  const builder = { env: plan.buildEnvironment(basis), signal, progress }
  const bundle = buildAuthServer(builder)
  const site = buildFrontend(builder, basis.settings.variables)
  const application = startDatabase(start, launcher, signal).then(async (database) =>
    prepareApplication(database, await bundle, start, launcher),
  )
  const migrated = application.then(({ prepared }) => prepared.all)
  const allNew = Promise.all([bundle, site, migrated])
  const launch = async (spec: ProcessSpec) => {
    if (launcher.replaces(spec)) await allNew
    await launcher.ensure(spec, signal)
  }
  return [
    allNew,
    launch(plan.mailSpec(basis)),
    site.then((build) => launch(plan.frontendSpec(basis, build))),
    application.then(({ prepared, authServer }) => prepared.auth.then(() => launch(authServer))),
    application.then(({ prepared, backend }) => prepared.all.then(() => launch(backend))),
  ]
}

/** Nothing serves before its tables are there. */
async function prepareApplication(database: Database, bundle: Build, start: Start, launcher: Launcher) {
  const basis = onDatabase(start.basis, database)
  const authServer = plan.authServerSpec(basis, bundle)
  const backend = plan.backendSpec(basis)
  const isPrepared = !database.isNew && launcher.runs(authServer) && launcher.runs(backend)
  const prepared = isPrepared
    ? { auth: Promise.resolve(), all: Promise.resolve() }
    : beginMigrations(start, database, bundle)
  return { authServer, backend, prepared }
}
