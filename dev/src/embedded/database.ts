import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import type { Account } from '../postgres/account.ts'
import { type Cluster, openCluster } from '../postgres/cluster.ts'
import { type Command, run } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import { withVariables } from '../settings/settings.ts'
import { usesOwnDatabase } from '../settings/stack-errors.ts'
import type { Progress } from '../stack.ts'
import type { Remote } from '../supervisor/socket.ts'
import { type Build, buildAuthServer } from './builds.ts'
import { Launcher } from './launcher.ts'
import * as plan from './plan.ts'

/** What every command on the stack's services needs. */
export type Start = {
  basis: plan.Basis
  account: Account
  /** PostgreSQL's own settings. */
  postgres: Record<string, string>
  progress: Progress
  signal: AbortSignal
}

type Database = { variables: Variables; isNew: boolean; canSetUp: boolean }

/** Where nothing runs yet there is no address either: the services only look at its form. */
const toCome = 'postgresql://postgres:unknown@127.0.0.1:5432/postgres'

export function clusterOf({ basis, account, postgres }: Pick<Start, 'basis' | 'account' | 'postgres'>): Cluster {
  const port = basis.settings.ports.POSTGRES_PORT
  const folder = join(basis.folder, 'postgres')
  return openCluster({ folder, account, settings: postgres, ...(port !== undefined && { port }) })
}

export async function startDatabase(start: Start, launcher: Launcher, signal: AbortSignal): Promise<Database> {
  const { settings } = start.basis
  if (usesOwnDatabase(settings.variables)) {
    return { variables: {}, isNew: false, canSetUp: Boolean(settings.variables.DATABASE_ADMIN_URL) }
  }
  const running = launcher.running('postgres')
  if (running) return { variables: plan.embeddedDatabase(settings, running.ready), isNew: false, canSetUp: true }
  const prepared = await clusterOf(start).prepare()
  await launcher.ensure(plan.postgresSpec(start.basis, prepared), signal)
  return { variables: plan.embeddedDatabase(settings, prepared.adminUrl), isNew: true, canSetUp: true }
}

export function onDatabase(basis: plan.Basis, { variables }: Pick<Database, 'variables'>): plan.Basis {
  return { ...basis, settings: withVariables(basis.settings, variables) }
}

/** On the database that runs, or one that is still to come. */
export function withDatabase(start: Start): plan.Basis {
  const { basis } = start
  if (usesOwnDatabase(basis.settings.variables)) return basis
  const adminUrl = clusterOf(start).running()?.adminUrl ?? toCome
  return onDatabase(basis, { variables: plan.embeddedDatabase(basis.settings, adminUrl) })
}

/** Roles and database, the auth server's tables, then the backend's, which refer to them. */
export function beginMigrations(
  start: Start,
  database: Database,
  bundle: Build,
): Record<'auth' | 'all', Promise<void>> {
  const { signal, progress } = start
  const begin = Date.now()
  const commands = plan.migrations(onDatabase(start.basis, database), bundle)
  const auth = (async () => {
    if (database.canSetUp) await runStep('setup-database', commands.setup, signal)
    await runStep("the auth server's migrations", commands.auth, signal)
  })()
  const all = auth.then(async () => {
    await runStep("the backend's migrations", commands.backend, signal)
    progress.done('database', 'migrated', Date.now() - begin)
  })
  return { auth, all }
}

/** Brings the tables up to date. A PostgreSQL that was started for it is stopped again. */
export async function migrate(start: Start, supervisor: Remote): Promise<void> {
  const bundle = await buildAuthServer(plan.builderOf(start))
  const launcher = await Launcher.open(supervisor, start.progress)
  try {
    await beginMigrations(start, await startDatabase(start, launcher, start.signal), bundle).all
  } finally {
    for (const name of launcher.started) await supervisor.control('stop', name)
  }
}

async function runStep(name: string, { command, ...options }: Command, signal: AbortSignal) {
  const { code, output } = await run(command, { ...options, signal })
  signal.throwIfAborted()
  if (code === 0) return
  const lines = output.trim().split('\n').slice(-15)
  throw new CannotContinue(`${name} failed (exit code ${code}):\n\n${lines.map((line) => `    ${line}`).join('\n')}`)
}
