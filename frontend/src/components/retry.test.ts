import { expect, test } from 'vitest'
import type { Reason } from '../api/request-error.ts'
import { retryWaitMs } from './retry.ts'

const outage: Reason = { kind: 'unavailable', requestId: null, retryAfterSeconds: null }
const waits = (reason: Reason | null, random: number) =>
  [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryWaitMs({ reason, failures }, () => random))

test('the wait doubles with each failure, up to half a minute', () => {
  expect(waits(outage, 1)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

test('half of the wait is random', () => {
  expect(waits(outage, 0)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
})

test.each<Reason>([
  { kind: 'unavailable', requestId: null, retryAfterSeconds: 7 },
  { kind: 'tooMany', requestId: null, retryAfterSeconds: 7 },
])('$kind: the wait is never shorter than what the service asks for', (reason) => {
  expect(waits(reason, 0)).toEqual([7000, 7000, 7000, 7000, 8000, 15_000, 15_000, 15_000])
  expect(waits(reason, 1)).toEqual([7500, 8000, 9000, 11_000, 16_000, 30_000, 30_000, 30_000])
})

test('what was refused, or is a bug, is not tried again', () => {
  const refused: Reason = { kind: 'refused', status: 403, code: 'FORBIDDEN', requestId: null }
  expect(retryWaitMs({ reason: refused, failures: 1 })).toBeNull()
  expect(retryWaitMs({ reason: null, failures: 1 })).toBeNull()
})
