import type { Bench } from '../bench.ts'
import type { Contender } from '../contenders/contenders.ts'
import { type Running, startAll } from '../contenders/start.ts'
import { interleave } from '../rounds.ts'
import { quantile, type Spread, spread } from '../statistics.ts'
import { countFor, measureSlice, type Sample } from './slice.ts'

export type Plan = { rounds: number; sliceSeconds: number }
export type Comparison = {
  contender: Contender
  /** Requests per second as a share of the control's, round by round. */
  throughput: Spread
  perSecond: Spread
  /** CPU microseconds for each request, less the control's of the same round. */
  auth: { service: Spread; authServer: Spread; postgres: Spread }
  /** CPU microseconds of the service for each request, all told. */
  serviceMicros: Spread
  p50: number
  p99: number
}

const IN_FLIGHT = 16

/** The first two are the control, twice: what differs between them is the noise of this machine. */
export async function compareContenders(
  bench: Bench,
  contenders: readonly Contender[],
  plan: Plan,
): Promise<Comparison[]> {
  const running = await startAll(bench, contenders)
  try {
    const counts = new Map<Running, number>()
    for (const one of running) counts.set(one, await countFor(target(one), plan.sliceSeconds))
    const samples = await interleave(running, plan.rounds, (one) => {
      const groups = [() => [one.pid], bench.authServer, bench.database.processes]
      return measureSlice(bench, target(one), groups, counts.get(one) ?? 0)
    })
    return compare(samples)
  } finally {
    await Promise.all(running.map((one) => one.stop()))
  }
}

const target = ({ port, request }: Running) => ({ port, next: () => request, connections: IN_FLIGHT })

function compare(samples: Map<Running, Sample[]>): Comparison[] {
  const [control = [], again = []] = samples.values()
  return [...samples].map(([{ contender }, own]) => {
    // The control itself is compared with its double, everybody else with the mean of both.
    const [first, second] = own === control ? [again, again] : own === again ? [control, control] : [control, again]
    const beside = (value: (sample: Sample) => number) =>
      own.map((_, round) => (valueAt(first, round, value) + valueAt(second, round, value)) / 2)
    const less = (group: number) => {
      const theirs = beside(({ micros }) => micros[group] ?? 0)
      return spread(own.map(({ micros }, round) => (micros[group] ?? 0) - (theirs[round] ?? 0)))
    }
    const controls = beside(({ perSecond }) => perSecond)
    const latencies = own.flatMap((sample) => [...sample.latencies])
    return {
      contender,
      throughput: spread(own.map(({ perSecond }, round) => perSecond / (controls[round] ?? Number.NaN))),
      perSecond: spread(own.map(({ perSecond }) => perSecond)),
      auth: { service: less(0), authServer: less(1), postgres: less(2) },
      serviceMicros: spread(own.map(({ micros }) => micros[0] ?? 0)),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    }
  })
}

function valueAt(samples: Sample[], round: number, value: (sample: Sample) => number): number {
  const sample = samples[round]
  if (!sample) throw new Error(`Round ${round} is missing`)
  return value(sample)
}
