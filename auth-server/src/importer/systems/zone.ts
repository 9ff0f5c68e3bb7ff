/** A wall clock's time in a zone, where it was read as if it were UTC. In the hour that an autumn has twice, the first. */
export function fromZone(date: Date, timeZone: string): Date {
  const guess = date.getTime() - offsetAt(date, timeZone)
  return new Date(date.getTime() - offsetAt(new Date(guess), timeZone))
}

function offsetAt(date: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...PARTS })
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(date.getTime() / 1000) * 1000
}

const PARTS = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const
