import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Pools } from './database/pools.ts'
import { observePools } from './database/pools.ts'

/** What GET /metrics shows: this process and its pools; the features add their own. */
export function createRegistry(pools: Pools): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  observePools(registry, pools)
  return registry
}
