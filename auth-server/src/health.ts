import { Hono } from 'hono'
import type { Readiness } from './database/readiness.ts'
import { DatabaseUnavailable, MigrationsPending } from './errors.ts'
import type { HttpEnv } from './http/context.ts'

/** Live: do not restart me. Ready: send me requests. A database that is away is no reason for a restart. */
export function healthRoutes(readiness: () => Promise<Readiness>): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/health/live', (c) => c.json({ status: 'live' }))
    .get('/health/ready', async (c) => {
      const state = await readiness()
      if (state === 'database-unavailable') throw new DatabaseUnavailable()
      if (state === 'migrations-pending') throw new MigrationsPending()
      return c.json({ status: 'ready' })
    })
}
