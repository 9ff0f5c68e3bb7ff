import type { Bench } from '../bench.ts'
import type { Target } from '../load/closed-loop.ts'
import { interleave } from '../rounds.ts'
import { quantile, type Spread, spread } from '../statistics.ts'
import { countFor, measureSlice } from './slice.ts'

/** Something that an auth server does on request. */
export type Subject = { name: string; target: Target; pid: number }
export type Plan = { rounds: number; sliceSeconds: number }
export type Rate = {
  name: string
  perSecond: Spread
  /** CPU microseconds for each request. */
  server: Spread
  postgres: Spread
  p50: number
  p99: number
}

/** What the server on the measured core can do of each, in interleaved rounds. */
export async function measureRates(bench: Bench, subjects: readonly Subject[], plan: Plan): Promise<Rate[]> {
  const counts = new Map<Subject, number>()
  for (const subject of subjects) counts.set(subject, await countFor(subject.target, plan.sliceSeconds))
  const samples = await interleave(subjects, plan.rounds, (subject) =>
    measureSlice(bench, subject.target, [() => [subject.pid], bench.database.processes], counts.get(subject) ?? 0),
  )
  return [...samples].map(([{ name }, own]) => {
    const latencies = own.flatMap((sample) => [...sample.latencies])
    return {
      name,
      perSecond: spread(own.map(({ perSecond }) => perSecond)),
      server: spread(own.map(({ micros }) => micros[0] ?? 0)),
      postgres: spread(own.map(({ micros }) => micros[1] ?? 0)),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    }
  })
}
