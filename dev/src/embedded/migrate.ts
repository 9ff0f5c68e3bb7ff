import { buildAuthServer } from './builds.ts'
import { beginMigrations, startDatabase } from './database.ts'
import { createLauncher } from './launcher.ts'
import * as plan from './plan.ts'
import type { Start } from './start.ts'

/** Brings the tables up to date. Starts PostgreSQL for it where it does not run, and stops it again. */
export async function migrateAlone(start: Start): Promise<void> {
  const launcher = createLauncher(start)
  const bundle = await buildAuthServer({
    env: plan.buildEnvironment(start.basis),
    signal: start.signal,
    progress: start.progress,
  })
  try {
    const database = await startDatabase(start, launcher, start.signal)
    await beginMigrations(start, database, bundle).all
  } finally {
    for (const service of launcher.started()) await service.stop()
  }
}
