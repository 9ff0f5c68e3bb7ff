import { Gauge, type Registry } from 'prom-client'
import type { DatabaseClock } from './database-clock.ts'

/** Shows nothing before the database was asked: 0 would be a claim. */
export function observeClock(registry: Registry, { offsetMs }: DatabaseClock): void {
  const gauge: Gauge = new Gauge({
    name: 'clock_offset_seconds',
    help: "How far the clock of this machine is ahead of the database's, which is the one that counts.",
    registers: [registry],
    collect: () => {
      const offset = offsetMs()
      if (offset !== undefined) gauge.set(offset / 1000)
    },
  })
}
