import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { takenPorts } from '../processes/ports.ts'
import { run } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Settings } from '../settings/settings.ts'
import { errorsIn, mergeErrors, stackErrors } from '../settings/stack-errors.ts'
import { chosenPorts, reservedPorts } from '../stack.ts'
import type { Spec } from '../supervisor/service.ts'
import { buildAuthServer, buildFrontend } from './builds.ts'
import { type Start, withDatabase } from './database.ts'
import type { Launcher } from './launcher.ts'
import * as plan from './plan.ts'

/**
 * Asks each service what it would refuse. Nothing is asked when all of it runs with these settings already.
 *
 * @param running services of this stack, which have their ports; undefined where that cannot be told
 */
export async function check(
  start: Start,
  launcher: Launcher | undefined,
  running: Spec[] | undefined,
): Promise<string[]> {
  const { basis, signal } = start
  const taken = running ? await foreignPorts(basis.settings, running) : []
  const own = [...stackErrors(basis.settings, 'embedded'), ...taken]
  const builder = plan.builderOf(start)
  const bundle = await buildAuthServer(builder)
  const settled = withDatabase(start)
  const runs = (...specs: Parameters<Launcher['runs']>[0][]) => specs.every((spec) => launcher?.runs(spec))
  if (
    own.length === 0 &&
    runs(plan.mailSpec(settled), plan.authServerSpec(settled, bundle), plan.backendSpec(settled))
  ) {
    const site = await buildFrontend(builder, basis.settings.variables)
    if (runs(plan.frontendSpec(settled, site))) return []
  }
  const commands = plan.checks(settled, bundle).map(async ({ command, ...options }) => {
    const finished = await run(command, { ...options, signal })
    signal.throwIfAborted()
    return errorsIn(finished)
  })
  return mergeErrors([own, await hostErrors(basis.settings.variables), ...(await Promise.all(commands))])
}

/** The ports of the settings that are taken by others than the services of this stack. */
export async function foreignPorts(settings: Settings, running: Spec[]): Promise<string[]> {
  const held = new Set(running.flatMap((spec) => spec.ports.map(({ port }) => port)))
  const wanted = chosenPorts(settings.ports).filter(({ port }) => !held.has(port))
  return takenPorts(wanted, [...held, ...reservedPorts(settings)])
}

const hosts = ['AUTH_HOST', 'AUTH_INTERNAL_HOST', 'BACKEND_HOST']

/** The services and this program reach each other at 127.0.0.1: tried, since only the machine knows its addresses. */
async function hostErrors(variables: Variables): Promise<string[]> {
  const errors = hosts.map(async (name) => {
    const host = variables[name]
    if (!host || (await isReachable(host))) return []
    return [`${name} must be an address of this machine that 127.0.0.1 reaches: 127.0.0.1 or 0.0.0.0`]
  })
  return (await Promise.all(errors)).flat()
}

async function isReachable(host: string): Promise<boolean> {
  const server = createServer((socket) => socket.destroy())
  try {
    await once(server.listen(0, host), 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect').finally(() => socket.destroy())
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
