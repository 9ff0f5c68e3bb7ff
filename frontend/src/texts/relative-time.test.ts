import { expect, test } from 'vitest'
import { relativeTime } from './relative-time.ts'

const now = new Date('2026-02-15T12:00:00.000Z')
const SECOND = 1000
const HOUR = 3600 * SECOND

test.each([
  [-HOUR, 'now', 'jetzt'],
  [0, 'now', 'jetzt'],
  [59 * SECOND, 'now', 'jetzt'],
  [60 * SECOND, '1 minute ago', 'vor 1 Minute'],
  [59 * 60 * SECOND, '59 minutes ago', 'vor 59 Minuten'],
  [HOUR, '1 hour ago', 'vor 1 Stunde'],
  [23.9 * HOUR, '23 hours ago', 'vor 23 Stunden'],
  [24 * HOUR, 'yesterday', 'gestern'],
  [6 * 24 * HOUR, '6 days ago', 'vor 6 Tagen'],
  [7 * 24 * HOUR, '8 Feb 2026', '08.02.2026'],
])('%i ms ago is %j', (age, english, german) => {
  const time = new Date(now.getTime() - age)

  expect(relativeTime(time, now, 'en-GB')).toBe(english)
  expect(relativeTime(time, now, 'de')).toBe(german)
})
