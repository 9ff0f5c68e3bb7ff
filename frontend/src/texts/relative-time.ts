const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** From here on, the date says more than the number of days. */
const DATED_AFTER = 7 * DAY

/** "2 hours ago"; the date after a week. A clock that is a little behind makes no future. */
export function relativeTime(time: Date, now: Date, locale: string): string {
  const age = Math.max(now.getTime() - time.getTime(), 0)
  if (age >= DATED_AFTER) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (age < MINUTE) return relative.format(0, 'second')
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute')
  if (age < DAY) return relative.format(-Math.floor(age / HOUR), 'hour')
  return relative.format(-Math.floor(age / DAY), 'day')
}
