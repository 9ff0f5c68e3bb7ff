import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { run } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Settings } from '../settings/settings.ts'
import { errorsIn, stackErrors } from '../settings/stack-errors.ts'
import { foreignPorts } from '../stack.ts'
import { portsOf, type Spec } from '../supervisor/service.ts'
import type { Plan } from './plan.ts'

type Look = {
  settings: Settings
  plan: Plan
  /** Services of this stack, which have their ports; undefined where that cannot be told. */
  running: Spec[] | undefined
  signal: AbortSignal
}

/** Asks each service what it would refuse. Nothing is asked when all of it runs with these settings already. */
export async function check({ settings, plan, running, signal }: Look): Promise<string[][]> {
  const own = [...stackErrors(settings, 'embedded'), ...(running ? await foreignPorts(settings, portsOf(running)) : [])]
  const isCurrent = (wanted: Spec) => running?.some(({ fingerprint }) => fingerprint === wanted.fingerprint)
  if (own.length === 0 && plan.services.every(isCurrent) && isCurrent(await plan.frontend())) return []
  const commands = plan.checks.map(async ({ command, ...options }) => {
    const finished = await run(command, { ...options, signal })
    signal.throwIfAborted()
    return errorsIn(finished)
  })
  return [own, await hostErrors(settings.variables), ...(await Promise.all(commands))]
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
