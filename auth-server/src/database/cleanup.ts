import { setTimeout as sleep } from 'node:timers/promises'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { tableName } from './names.ts'
import type { Pools } from './pools.ts'

type Schedule = { everyMs: number; pauseMs: number; batch: number }
const SCHEDULE: Schedule = { everyMs: 10 * 60_000, pauseMs: 100, batch: 1000 }

type Services = { pools: Pick<Pools, 'auth'>; env: Pick<Env, 'AUTH_DB_SCHEMA' | 'AUDIT_DAYS'>; log: Log }

/**
 * Deletes what nobody can use any more, for as long as the process lives. Any number of servers may do it at once.
 * @returns stops it, and resolves when the batch under way is done.
 */
export function startCleanup(services: Services, schedule = SCHEDULE): () => Promise<void> {
  const stop = new AbortController()
  const done = cleanUpForEver(services, schedule, stop.signal)
  return async () => {
    stop.abort()
    await done
  }
}

/** One round after another, so rounds never overlap; jittered, so that servers started together drift apart. */
async function cleanUpForEver(services: Services, schedule: Schedule, signal: AbortSignal): Promise<void> {
  while (await pause(schedule.everyMs * (0.5 + Math.random()), signal)) {
    try {
      await cleanUp(services, schedule, signal)
    } catch (error) {
      services.log.warn({ err: error }, 'cleaning up failed, the next round tries again')
    }
  }
}

/** One round: every table, batch after batch. Stops between two batches. */
export async function cleanUp({ pools, env, log }: Services, schedule: Schedule, signal: AbortSignal): Promise<void> {
  const deleted: Record<string, number> = {}
  for (const { table, isStale } of STALE) {
    const text = deleteBatch(tableName(env, table), isStale(env.AUDIT_DAYS))
    let isMore = true
    while (isMore && !signal.aborted) {
      const { rowCount } = await pools.auth.query(text, [schedule.batch])
      deleted[table] = (deleted[table] ?? 0) + (rowCount ?? 0)
      isMore = rowCount === schedule.batch && (await pause(schedule.pauseMs, signal))
    }
  }
  log.info({ deleted }, 'cleaned up')
}

const NOW = 'now()'

/**
 * By the database's clock. A session an hour late: its end is announced to no service then, see revocation/triggers.ts.
 * The longest window of a rate limit is well below a day.
 */
export const STALE: readonly { table: string; isStale: (auditDays: number, now?: string) => string }[] = [
  { table: 'session', isStale: (_, now = NOW) => `"expiresAt" < ${now} - interval '1 hour'` },
  { table: 'verification', isStale: (_, now = NOW) => `"expiresAt" < ${now}` },
  { table: 'oldTokenEnd', isStale: (_, now = NOW) => `"expiresAt" < ${now}` },
  { table: 'trustedDevice', isStale: (_, now = NOW) => `"expiresAt" < ${now}` },
  {
    table: 'rateLimit',
    isStale: (_, now = NOW) =>
      `"lastRequest" < (extract(epoch FROM ${now} - interval '1 day')::numeric * 1000::numeric)::bigint`,
  },
  { table: 'audit_event', isStale: (days, now = NOW) => `"createdAt" < ${now} - interval '${days} days'` },
]

/**
 * Bounded, so that no lock and no transaction lasts; locked rows are skipped: another server deletes them, or a check
 * is extending that session. The array makes PostgreSQL choose the rows once (a plain IN with LIMIT may be run again).
 */
function deleteBatch(table: string, isStale: string): string {
  return `DELETE FROM ${table} WHERE "id" = ANY(ARRAY(
    SELECT "id" FROM ${table} WHERE ${isStale} LIMIT $1 FOR UPDATE SKIP LOCKED))`
}

/** False when stopped meanwhile. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal, ref: false }).catch(() => false)
}
