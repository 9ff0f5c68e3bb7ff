import { CannotContinue } from '../errors.ts'
import { run } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import { withVariables } from '../settings/settings.ts'
import { usesOwnDatabase } from '../settings/stack-faults.ts'
import type { Build } from './builds.ts'
import type { Launcher } from './launcher.ts'
import * as plan from './plan.ts'
import { postgresService } from './postgres-service.ts'
import type { Start } from './start.ts'

export type Database = { variables: Variables; isNew: boolean; canSetUp: boolean }

export async function startDatabase(start: Start, launcher: Launcher, signal: AbortSignal): Promise<Database> {
  const { variables, ports } = start.basis.settings
  if (usesOwnDatabase(variables)) {
    return { variables: {}, isNew: false, canSetUp: Boolean(variables.DATABASE_ADMIN_URL) }
  }
  const port = ports.POSTGRES_PORT
  const service = postgresService({ ...start, settings: start.postgres, ...(port !== undefined && { port }) })
  const isNew = await launcher.ensurePostgres(service, start.postgres, signal)
  const running = service.cluster.running()
  if (!running) throw new CannotContinue(`PostgreSQL has ended again. Its log: ${service.logFile}`)
  return { variables: plan.embeddedDatabase(start.basis.settings, running.adminUrl), isNew, canSetUp: true }
}

export function onDatabase(basis: plan.Basis, database: Database): plan.Basis {
  return { ...basis, settings: withVariables(basis.settings, database.variables) }
}

/** Roles and database, the auth server's tables, then the backend's, which refer to them. */
export function beginMigrations(
  start: Start,
  database: Database,
  bundle: Build,
): { auth: Promise<void>; all: Promise<void> } {
  const begin = Date.now()
  const commands = plan.migrations(onDatabase(start.basis, database), bundle)
  const auth = (async () => {
    if (database.canSetUp) await runStep('setup-database', commands.setup, start.signal)
    await runStep("the auth server's migrations", commands.auth, start.signal)
  })()
  const all = auth.then(async () => {
    await runStep("the backend's migrations", commands.backend, start.signal)
    start.progress.done('database', 'migrated', Date.now() - begin)
  })
  return { auth, all }
}

async function runStep(name: string, { command, ...options }: plan.Command, signal: AbortSignal) {
  const { code, output } = await run(command, { ...options, signal })
  signal.throwIfAborted()
  if (code === 0) return
  const lines = output.trim().split('\n').slice(-15)
  throw new CannotContinue(`${name} failed (exit code ${code}):\n\n${lines.map((line) => `    ${line}`).join('\n')}`)
}
