import type { Bench } from '../bench.ts'
import type { Contender } from '../contenders/contenders.ts'
import { startAll, stopAll, subjectOf } from '../contenders/start.ts'
import { mapValues } from '../records.ts'
import { mean, quantile, type Spread, spread } from '../statistics.ts'
import { measureInTurn, type Plan } from './in-turn.ts'
import type { Sample } from './slice.ts'

export type Comparison = {
  contender: Contender
  /** Requests per second as a share of the control's, round by round. */
  throughput: Spread
  /** The same by CPU time: what a service with a core to itself would reach. */
  throughputByCpu: Spread
  /** CPU microseconds of the service for each request, all that it does. */
  serviceMicros: Spread
  /** The same in each round, to compare two contenders by. */
  serviceMicrosByRound: number[]
  /** CPU microseconds for each request, less the control's of the same round. */
  auth: { service: Spread; authServer: Spread; postgres: Spread }
  p50: number
  p99: number
}

/** The control is measured twice: the difference between the two is the noise of this machine. */
type Controls = 'control' | 'controlAgain'

export async function compareContenders<Name extends string>(
  bench: Bench,
  contenders: Record<Name | Controls, Contender>,
  plan: Plan,
): Promise<Record<Name | Controls, Comparison>> {
  const running = await startAll(bench, contenders)
  const samples = await measureInTurn(bench, mapValues(running, subjectOf(bench)), plan)
  await stopAll(running)
  return mapValues(samples, (own, name) => ({ contender: contenders[name], ...compare(own, beside(samples, name)) }))
}

/** Each control is compared with the other, every other contender with both. */
function beside(samples: Record<Controls, Sample[]>, name: string): Sample[][] {
  const { control, controlAgain } = samples
  if (name === 'control') return [controlAgain]
  return name === 'controlAgain' ? [control] : [control, controlAgain]
}

function compare(own: Sample[], controls: Sample[][]): Omit<Comparison, 'contender'> {
  const inRound = (round: number, value: (sample: Sample) => number) =>
    mean(controls.flatMap((samples) => samples.slice(round, round + 1)).map(value))
  const paired = (value: (sample: Sample) => number, compared: (own: number, control: number) => number) =>
    spread(own.map((sample, round) => compared(value(sample), inRound(round, value))))
  const less = (group: number) =>
    paired(
      ({ micros }) => micros[group] ?? 0,
      (value, control) => value - control,
    )
  const latencies = own.flatMap((sample) => [...sample.latencies])
  return {
    throughput: paired(
      ({ perSecond }) => perSecond,
      (value, control) => value / control,
    ),
    throughputByCpu: paired(serviceMicros, (value, control) => control / value),
    serviceMicros: spread(own.map(serviceMicros)),
    serviceMicrosByRound: own.map(serviceMicros),
    auth: { service: less(0), authServer: less(1), postgres: less(2) },
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

const serviceMicros = ({ micros }: Sample) => micros[0] ?? 0
