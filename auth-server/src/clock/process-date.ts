import type { Log } from '../log.ts'
import type { DatabaseClock } from './database-clock.ts'

const EVERY_MS = 10_000
const UNTIL_KNOWN_MS = 500

/**
 * Makes `Date` tell the database's time in this whole process. better-auth and what it uses read the clock in some
 * sixty places, to end sessions, count attempts and judge signed links, and take no clock as an argument: see
 * docs/decisions/0039-one-clock-for-better-auth.md.
 */
export function setProcessDate(now: DatabaseClock['now']): void {
  const databaseDate = new Proxy(Date, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
  Date.prototype.constructor = databaseDate
  globalThis.Date = databaseDate
}

/** Asks again and again, for as long as the process lives. @returns stops it */
export function keepAsking({ sync, offsetMs }: DatabaseClock, log: Log): () => void {
  let timer: NodeJS.Timeout
  const ask = async () => {
    // An outage is met, and told, by requests; until it is over the clock goes on with what it knows.
    await sync().catch((error: unknown) => log.debug({ err: error }, 'the clock of the database could not be read'))
    timer = setTimeout(ask, offsetMs() === undefined ? UNTIL_KNOWN_MS : EVERY_MS).unref()
  }
  timer = setTimeout(ask, 0).unref()
  return () => clearTimeout(timer)
}
