import type { Pool } from 'pg'
import { Gauge, type Registry } from 'prom-client'
import { read } from '../database/unavailable.ts'
import type { Log } from '../log.ts'

/** The database's clock as this process knows it: the one clock that all servers share. */
export type DatabaseClock = {
  /** Milliseconds since 1970; by the system's clock until the database was asked for the first time. */
  now: () => number
  /** How far the system's clock is ahead of the database's; undefined until the database was asked. */
  offsetMs: () => number | undefined
  /** Resolves when the database has been asked once. Throws DATABASE_UNAVAILABLE. */
  known: () => Promise<void>
  /** Asks the database. Throws DATABASE_UNAVAILABLE. */
  sync: () => Promise<void>
}

/** A busy machine or a distant database lets a correct clock seem wrong by less. */
export const TOLERATED_MS = 5000

// Milliseconds are kept as PostgreSQL knows them; as a number no setting of date style or time zone matters.
const QUERY = { text: `SELECT pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) AS "seconds"` }

type Parts = { pool: Pool; log: Log; systemNow?: () => number }

/**
 * Between two questions it goes on with the monotonic clock, so that setting the system's clock does not move it.
 * @param systemNow the clock of the machine
 */
export function createDatabaseClock(parts: Parts): DatabaseClock {
  const clock = new RunningClock(parts)
  return {
    now: () => clock.now(),
    offsetMs: () => clock.offsetMs(),
    sync: () => clock.sync(),
    known: async () => (clock.isKnown ? undefined : clock.sync()),
  }
}

class RunningClock {
  readonly #pool: Pool
  readonly #systemNow: () => number
  readonly #warn: (offsetMs: number) => void
  /** The database's time when the monotonic clock was at 0. */
  #origin: number | undefined
  #asking: Promise<void> | undefined

  constructor({ pool, log, systemNow = Date.now }: Parts) {
    this.#pool = pool
    this.#systemNow = systemNow
    this.#warn = createWarning(log)
  }

  get isKnown(): boolean {
    return this.#origin !== undefined
  }

  now(): number {
    return this.#origin === undefined ? this.#systemNow() : Math.floor(this.#origin + performance.now())
  }

  offsetMs(): number | undefined {
    return this.#origin === undefined ? undefined : this.#systemNow() - this.now()
  }

  sync(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    const sentAt = performance.now()
    const { rows } = await read<{ seconds: number }>(this.#pool, QUERY)
    this.#origin = agreed(Number(rows[0]?.seconds) * 1000, { sentAt, receivedAt: performance.now() }, this.#origin)
    this.#warn(this.offsetMs() ?? 0)
  }
}

/**
 * The database read its clock at some moment between the query and its response. What was agreed before is kept where it
 * fits in there: a slow response must not move the clock.
 */
function agreed(
  databaseMs: number,
  { sentAt, receivedAt }: { sentAt: number; receivedAt: number },
  before: number | undefined,
): number {
  const [min, max] = [databaseMs - receivedAt, databaseMs - sentAt]
  return before !== undefined && before >= min && before <= max ? before : (min + max) / 2
}

/** Once for each change, not for each question. */
function createWarning(log: Log): (offsetMs: number) => void {
  let said = 0
  return (offsetMs) => {
    const isOff = Math.abs(offsetMs) > TOLERATED_MS
    const isNews = isOff ? Math.abs(offsetMs - said) > TOLERATED_MS : said !== 0
    if (!isNews) return
    said = isOff ? offsetMs : 0
    const details = { offsetSeconds: seconds(offsetMs) }
    if (isOff) log.warn(details, `${describeOffset(offsetMs)}: the database's counts. Set this machine's clock (NTP)`)
    else log.info(details, 'the clock of this machine agrees with that of the database again')
  }
}

export function describeOffset(offsetMs: number): string {
  const side = offsetMs > 0 ? 'ahead of' : 'behind'
  return `the clock of this machine is ${Math.abs(seconds(offsetMs))} s ${side} the database's`
}

export const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10

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
