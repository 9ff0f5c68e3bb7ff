import type pg from 'pg'
import { Gauge, type Registry } from 'prom-client'
import type { Pools } from './pools.ts'

/** Read when asked for, not counted along: the pools know their numbers. */
export function observePools(registry: Registry, { auth, sessions }: Pick<Pools, 'auth' | 'sessions'>): void {
  const gauge = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections by pool and state, and requests waiting for one.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect: () => {
      show('auth', auth)
      show('sessions', sessions)
    },
  })

  function show(name: string, pool: pg.Pool): void {
    gauge.set({ pool: name, state: 'idle' }, pool.idleCount)
    gauge.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount)
    gauge.set({ pool: name, state: 'waiting' }, pool.waitingCount)
  }
}
