import type { Bench } from '../bench.ts'
import { openLoad, type Target } from '../load/closed-loop.ts'
import type { Group } from '../processes/cpu-meter.ts'

export type Sample = {
  perSecond: number
  /** CPU microseconds for each request, for each of the groups of processes. */
  micros: number[]
  /** In milliseconds. */
  latencies: Float64Array
}

/** Sends `count` requests and reads what they cost. New connections, and a few requests on each before the count. */
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

/** How many requests take about this long, once the target is warm. */
export async function countFor(target: Target, seconds: number): Promise<number> {
  const load = await openLoad(target)
  try {
    const least = target.connections * 4
    await load.run(least)
    let run = await load.run(least)
    for (let count = least; run.seconds < seconds / 4; count *= 2) run = await load.run(count * 2)
    return Math.max(least, Math.round((run.requests / run.seconds) * seconds))
  } finally {
    load.close()
  }
}
