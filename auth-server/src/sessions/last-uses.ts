import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool; log: Log }
type Schedule = { everyMs: number; periodMs: number }

const SCHEDULE: Schedule = { everyMs: 30_000, periodMs: 5 * 60_000 }
/** Of one period. More of them are written more often than once in it. */
const MAX_REMEMBERED = 50_000
const BATCH = 1000

/**
 * When each session was last used, as far as this server knows: at most one write for a session in five minutes, many in one
 * statement, and none in the way of a check. A service that has the session in its cache does not ask, for a day at most: then it
 * is due for its refresh.
 */
export class LastUses {
  readonly #parts: Parts
  readonly #remembered = new Set<string>()
  #unwritten: string[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** On every check, so it costs one look-up. */
  note(sessionId: string): void {
    if (this.#remembered.has(sessionId)) return
    if (this.#remembered.size >= MAX_REMEMBERED) this.forget()
    this.#remembered.add(sessionId)
    this.#unwritten.push(sessionId)
  }

  /** A new period: the next use of each session is written again. */
  forget(): void {
    this.#remembered.clear()
  }

  /** What fails is lost, and noted again in the next period: it is no reason to keep more and more of it. */
  async write(): Promise<void> {
    const { env, pool } = this.#parts
    const text = updateLastUse(env)
    const ids = this.#unwritten
    this.#unwritten = []
    for (let start = 0; start < ids.length; start += BATCH) await pool.query(text, [ids.slice(start, start + BATCH)])
  }

  /** @returns stops it, and resolves when the last uses are written. */
  start(schedule = SCHEDULE): () => Promise<void> {
    const stop = new AbortController()
    const done = this.#run(schedule, stop.signal)
    return async () => {
      stop.abort()
      await done
      await this.#tryWrite()
    }
  }

  async #run({ everyMs, periodMs }: Schedule, signal: AbortSignal): Promise<void> {
    let periodEnds = performance.now() + periodMs
    while (await sleep(everyMs, true, { signal, ref: false }).catch(() => false)) {
      await this.#tryWrite()
      if (performance.now() < periodEnds) continue
      this.forget()
      periodEnds = performance.now() + periodMs
    }
  }

  async #tryWrite(): Promise<void> {
    await this.write().catch((error: unknown) =>
      this.#parts.log.warn({ err: error }, 'the last uses of sessions could not be written'),
    )
  }
}

/** A row that is locked is in use, and will be noted again; one that another server has just written is left as it is. */
function updateLastUse(env: Pick<Env, 'AUTH_DB_SCHEMA'>): string {
  const session = tableName(env, 'session')
  return `
    UPDATE ${session} SET "lastUsedAt" = date_trunc('milliseconds', now()) WHERE "id" = ANY(ARRAY(
      SELECT "id" FROM ${session}
       WHERE "id" = ANY($1) AND ("lastUsedAt" IS NULL OR "lastUsedAt" < now() - interval '4 minutes')
         FOR UPDATE SKIP LOCKED))`
}
