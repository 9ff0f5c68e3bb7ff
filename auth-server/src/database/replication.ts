import type { Pool } from 'pg'
import { Gauge, type Registry } from 'prom-client'
import type { Log } from '../log.ts'

/** What follows logically is no standby, and only the owner of a walsender may see what follows it. */
export const MAY_LOSE = `
  SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication)
           > (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots WHERE slot_type = 'logical' AND active)
         AND (pg_catalog.current_setting('synchronous_standby_names') = ''
              OR pg_catalog.current_setting('synchronous_commit') IN ('off', 'local')) AS "mayLose"`

/**
 * A failover to a standby that follows asynchronously loses the latest commits, acknowledged ends among them: see
 * docs/database.md. Looked at when metrics are read, which happens all the time where anybody would look.
 */
export function watchReplication({ pool, registry, log }: { pool: Pool; registry: Registry; log: Log }) {
  let hasWarned = false

  async function look(): Promise<void> {
    const { rows } = await pool.query<{ mayLose: boolean }>(MAY_LOSE)
    const mayLose = rows[0]?.mayLose === true
    gauge.set(mayLose ? 1 : 0)
    if (!mayLose || hasWarned) return
    hasWarned = true
    log.warn(
      'a standby follows asynchronously: a failover may undo sign-outs, bans and password changes that were acknowledged. ' +
        'Set synchronous_standby_names',
    )
  }

  const gauge = new Gauge({
    name: 'database_replication_asynchronous',
    help: '1 where a standby exists and no commit waits for one: a failover may lose what was acknowledged.',
    registers: [registry],
    collect: () => look().catch(() => undefined),
  })
  return { look: () => look().catch(() => undefined) }
}
