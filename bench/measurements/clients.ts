import { fileURLToPath } from 'node:url'
import { run } from '../../dev/src/processes/run.ts'
import type { Bench } from '../bench.ts'
import { machine } from '../env.ts'
import { benchPython } from '../processes/python.ts'
import { type Spread, spread } from '../statistics.ts'
import type { User } from '../users.ts'

export type ClientCost = { name: string; micros: Spread }
type Plan = { rounds: number; calls: number }

const script = fileURLToPath(new URL('../clients.py', import.meta.url))

/** What one check at the auth server costs a Python service, for each HTTP client. */
export async function measureClients({ stack, cores }: Bench, user: User, plan: Plan): Promise<ClientCost[]> {
  const { hostname, port } = new URL(stack.internalUrl)
  const request = [hostname, port, stack.internalToken, user.bearer]
  const pinned = ['taskset', '--cpu-list', cores.measured, benchPython, script]
  const { code, output } = await run([...pinned, ...request, String(plan.rounds), String(plan.calls)], {
    env: machine,
  })
  if (code !== 0) throw new Error(`clients.py failed:\n${output}`)
  const found = JSON.parse(output) as Record<string, number[]>
  return Object.entries(found).map(([name, rounds]) => ({ name, micros: spread(rounds) }))
}
