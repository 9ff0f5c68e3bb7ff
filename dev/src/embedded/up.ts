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
import { recordedServices } from './services.ts'
import type { Start } from './start.ts'

/**
 * Starts what does not run, starts anew what was changed, and leaves alone what runs as it should. Returns how many
 * services it started, once all answer. If one fails, everything that this call started is stopped again.
 */
export async function up(start: Start): Promise<number> {
  mkdirSync(join(start.folder, 'logs'), { recursive: true, mode: 0o700 })
  await refuseForeignPorts(start.basis.settings.ports, recordedServices(start.folder, start.account))
  const launcher = createLauncher(start)
  try {
    await concurrently(start.signal, (signal) => {
      const { basis, progress } = start
      const builder = { env: plan.buildEnvironment(basis), signal, progress }
      const bundle = buildAuthServer(builder)
      const site = buildFrontend(builder, basis.settings.variables)
      return [
        bundle,
        launcher.ensure(plan.mailSpec(basis), signal),
        site.then((build) => launcher.ensure(plan.frontendSpec(basis, build), signal)),
        startDatabase(start, launcher, signal).then(async (database) =>
          startApplication(database, await bundle, { ...start, signal }, launcher),
        ),
      ]
    })
    return launcher.started().length
  } catch (error) {
    const stoppedCount = await stopServices(launcher.started(), silent)
    if (stoppedCount > 0) start.progress.note('what was started is stopped again')
    throw error
  }
}

/** Nothing serves before its tables are there. */
async function startApplication(database: Database, bundle: Build, start: Start, launcher: Launcher) {
  const basis = onDatabase(start.basis, database)
  const authServer = plan.authServerSpec(basis, bundle)
  const backend = plan.backendSpec(basis)
  const isPrepared = !database.isNew && launcher.runs(authServer) && launcher.runs(backend)
  const prepared = isPrepared
    ? { auth: Promise.resolve(), all: Promise.resolve() }
    : beginMigrations(start, database, bundle)
  await Promise.all([
    prepared.auth.then(() => launcher.ensure(authServer, start.signal)),
    prepared.all.then(() => launcher.ensure(backend, start.signal)),
  ])
}
