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

/** Less is what a busy machine or a far database makes of a right clock. */
export const TOLERATED_MS = 5000

// Milliseconds are kept as PostgreSQL knows them; as a number no setting of date style or time zone matters.
const QUERY = { text: `SELECT pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) AS "seconds"` }

/**
 * Between two questions it goes on with the monotonic clock, so that nobody who sets the system's clock moves it.
 * @param systemNow the clock of the machine
 */
export function createDatabaseClock({ pool, log, systemNow = Date.now }: Parts): DatabaseClock {
  const warn = createWarning(log)
  /** The database's time when the monotonic clock stood at 0. */
  let origin: number | undefined
  let asking: Promise<void> | undefined

  const now = () => (origin === undefined ? systemNow() : Math.floor(origin + performance.now()))
  const offsetMs = () => (origin === undefined ? undefined : systemNow() - now())

  async function ask(): Promise<void> {
    const sentAt = performance.now()
    const { rows } = await read<{ seconds: number }>(pool, QUERY)
    origin = agreed(Number(rows[0]?.seconds) * 1000, { sentAt, receivedAt: performance.now() }, origin)
    warn(offsetMs() ?? 0)
  }

  function sync(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  return { now, offsetMs, sync, known: async () => (origin === undefined ? sync() : undefined) }
}

type Parts = { pool: Pool; log: Log; systemNow?: () => number }

/**
 * The database read its clock at some moment between question and answer. What was agreed before is kept where it fits
 * in there: a slow answer must not move the clock.
 */
function agreed(
  databaseMs: number,
  { sentAt, receivedAt }: { sentAt: number; receivedAt: number },
  before: number | undefined,
): number {
  const [least, most] = [databaseMs - receivedAt, databaseMs - sentAt]
  return before !== undefined && before >= least && before <= most ? before : (least + most) / 2
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
