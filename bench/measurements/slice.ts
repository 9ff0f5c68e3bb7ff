import type { Bench } from '../bench.ts'
import { openLoad, type Run, type Target } from '../load/closed-loop.ts'
import type { Group } from '../processes/cpu-meter.ts'

export type Sample = {
  perSecond: number
  /** CPU microseconds for each request, for each of the groups of processes. */
  micros: number[]
  /** In milliseconds. */
  latencies: Float64Array
}

/** Sends `count` requests and measures their cost. On new connections, after a few requests on each. */
export async function measureSlice(
  { meter }: Bench,
  target: Target,
  groups: readonly Group[],
  count: number,
): Promise<Sample> {
  const load = await openLoad(target)
  try {
    await load.run(target.connections * 2)
    const { micros, result } = await meter.during(groups, () => load.run(count))
    return { perSecond: count / result.seconds, micros: micros.map((sum) => sum / count), latencies: result.latencies }
  } finally {
    load.close()
  }
}

/** Warms the target up, and returns how many requests then take `seconds`. */
export async function countFor(target: Target, seconds: number, warmUpSeconds: number): Promise<number> {
  const load = await openLoad(target)
  try {
    const begin = performance.now()
    let run = await load.run(target.connections * 4)
    while (performance.now() - begin < warmUpSeconds * 1000) run = await load.run(countIn(run, warmUpSeconds / 4))
    return Math.max(target.connections * 4, countIn(run, seconds))
  } finally {
    load.close()
  }
}

const countIn = ({ requests, seconds }: Run, within: number) => Math.ceil((requests / seconds) * within)
