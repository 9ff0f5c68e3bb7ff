import type { Bench } from '../bench.ts'
import { mapValues } from '../records.ts'
import { quantile, type Spread, spread } from '../statistics.ts'
import { measureInTurn, type Plan, type Subject } from './in-turn.ts'

/** Something that an auth server does. Groups: the server, PostgreSQL. */
export type Service = Subject & { name: string }
export type Rate = {
  name: string
  perSecond: Spread
  /** CPU microseconds for each request. */
  server: Spread
  postgres: Spread
  p50: number
  p99: number
}

/** How many of each the server on the measured core can do. */
export async function measureRates<Name extends string>(
  bench: Bench,
  services: Record<Name, Service>,
  plan: Plan,
): Promise<Record<Name, Rate>> {
  const samples = await measureInTurn(bench, services, plan)
  return mapValues(samples, (own, key) => {
    const latencies = own.flatMap((sample) => [...sample.latencies])
    return {
      name: services[key].name,
      perSecond: spread(own.map(({ perSecond }) => perSecond)),
      server: spread(own.map(({ micros }) => micros[0] ?? 0)),
      postgres: spread(own.map(({ micros }) => micros[1] ?? 0)),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    }
  })
}
