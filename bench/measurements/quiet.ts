import type { Bench } from '../bench.ts'
import type { Contender } from '../contenders/contenders.ts'
import { startAll, stopAll } from '../contenders/start.ts'
import { probe } from '../load/prober.ts'
import { quantile } from '../statistics.ts'

export type Quiet = {
  /** Requests a second to one process. */
  perSecond: number
  hitRatio: number
  /** Milliseconds, of the route with auth and of the one without. */
  p50: number
  plainP50: number
  /** CPU microseconds that the process spends more in a second than the one without auth. */
  cpuPerSecond: number
}
type Pair = { control: Contender; sidecar: Contender }

const TIMEOUT_MS = 5000

/** Processes with little to do: what the session cache is worth there. One pair of processes for each rate, one after the other. */
export async function measureQuiet(
  bench: Bench,
  pair: Pair,
  plan: { perSecond: number; seconds: number }[],
): Promise<Quiet[]> {
  const found: Quiet[] = []
  for (const { perSecond, seconds } of plan) found.push(await measureOne(bench, pair, perSecond, seconds))
  return found
}

async function measureOne(bench: Bench, pair: Pair, perSecond: number, seconds: number): Promise<Quiet> {
  const { control, sidecar } = await startAll(bench, pair)
  const probing = { everyMs: 1000 / perSecond, timeoutMs: TIMEOUT_MS }
  const send = ({ port, request }: typeof control, seconds: number) => probe(port, request, { ...probing, seconds })
  // The session is known then, and both have a connection and their code in memory.
  await Promise.all([send(control, 3), send(sidecar, 3)])

  const before = await countsOf(sidecar.port)
  const groups = [() => [sidecar.pid], () => [control.pid]]
  const { micros, result } = await bench.meter.during(groups, () =>
    Promise.all([send(sidecar, seconds), send(control, seconds)]),
  )
  const after = await countsOf(sidecar.port)
  await stopAll({ control, sidecar })
  const [warm, plain] = result
  if (warm.failed + plain.failed > 0) throw new Error('A request to a quiet process failed')
  return {
    perSecond,
    hitRatio: (after.hits - before.hits) / (after.checks - before.checks),
    p50: quantile(warm.latencies, 0.5),
    plainP50: quantile(plain.latencies, 0.5),
    cpuPerSecond: ((micros[0] ?? 0) - (micros[1] ?? 0)) / seconds,
  }
}

async function countsOf(port: number): Promise<{ hits: number; checks: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/counts`)
  return (await response.json()) as { hits: number; checks: number }
}
