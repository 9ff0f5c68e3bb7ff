import { run } from '../processes/run.ts'
import { faultsIn, mergeFaults } from '../settings/merge-faults.ts'
import { stackFaults, usesOwnDatabase } from '../settings/stack-faults.ts'
import { buildAuthServer, buildFrontend } from './builds.ts'
import { onDatabase } from './database.ts'
import { hostFaults } from './hosts.ts'
import { createLauncher } from './launcher.ts'
import * as plan from './plan.ts'
import { postgresService } from './postgres-service.ts'
import type { Start } from './start.ts'

/** Where nothing runs yet there is no address either: the services only look at its form. */
const toCome = 'postgresql://postgres:unknown@127.0.0.1:5432/postgres'

/** Asks each service what it would refuse. Nothing is asked when all of it runs with these settings already. */
export async function check(start: Start): Promise<string[]> {
  const { basis, signal } = start
  const own = stackFaults(basis.settings, 'embedded')
  const builder = { env: plan.buildEnvironment(basis), signal, progress: start.progress }
  const bundle = await buildAuthServer(builder)
  const settled = withDatabase(start)
  if (own.length === 0 && (await runsAlready(start, settled, bundle))) return []
  const commands = plan.checks(settled, bundle).map(async ({ command, ...options }) => {
    const finished = await run(command, { ...options, signal })
    signal.throwIfAborted()
    return faultsIn(finished)
  })
  return mergeFaults([own, await hostFaults(basis.settings.variables), ...(await Promise.all(commands))])
}

export function withDatabase({ folder, account, basis }: Start): plan.Basis {
  if (usesOwnDatabase(basis.settings.variables)) return basis
  const running = postgresService({ folder, account, settings: {} }).cluster.running()
  const variables = plan.embeddedDatabase(basis.settings, running?.adminUrl ?? toCome)
  return onDatabase(basis, { variables, isNew: false, canSetUp: true })
}

async function runsAlready(start: Start, basis: plan.Basis, bundle: Awaited<ReturnType<typeof buildAuthServer>>) {
  const { runs } = createLauncher(start)
  if (![plan.mailSpec(basis), plan.authServerSpec(basis, bundle), plan.backendSpec(basis)].every(runs)) return false
  const builder = { env: plan.buildEnvironment(basis), signal: start.signal, progress: start.progress }
  return runs(plan.frontendSpec(basis, await buildFrontend(builder, basis.settings.variables)))
}
