import { expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { Variables } from '../env.ts'
import { FIRST_VERSION_LEASE_MS, withMargin } from './lease-times.ts'
import { LONGEST_LEASE_MS } from './peers.ts'
import { readMessage, render } from './protocol.ts'
import { LIMITS } from './subscribers.ts'

type Times = Record<
  'defaultLeaseMs' | 'minLeaseMs' | 'maxLeaseMs' | 'firstVersionLeaseMs' | 'marginRate' | 'marginMs' | 'pongTimeoutMs',
  number
>
type Kind = 'hello' | 'fresh' | 'ping' | 'pong' | 'sync' | 'synced' | 'bye' | 'revokeSession' | 'revokeUser' | 'flush'
const lease = readContract<Times & { messages: Record<Kind, string> }>('lease')
const { messages } = lease

test('the lengths of leases are those of the contract', () => {
  const { SESSION_LEASE_MS: setting, SESSION_LEASE_MAX_MS: max } = Variables.shape
  expect(setting.parse(undefined)).toBe(lease.defaultLeaseMs)
  for (const field of [setting, max]) {
    expect([lease.minLeaseMs, lease.maxLeaseMs].map((ms) => field.safeParse(String(ms)).success)).toEqual([true, true])
    expect([lease.minLeaseMs - 1, lease.maxLeaseMs + 1].map((ms) => field.safeParse(String(ms)).success)).toEqual([
      false,
      false,
    ])
  }
  expect([FIRST_VERSION_LEASE_MS, LONGEST_LEASE_MS]).toEqual([lease.firstVersionLeaseMs, lease.maxLeaseMs])
  expect(withMargin(1000)).toBe(1000 * (1 + lease.marginRate) + lease.marginMs)
})

test('a service may send every ping that it sends until it gives up the first', () => {
  expect(LIMITS.pings).toBeGreaterThan(lease.pongTimeoutMs / (lease.firstVersionLeaseMs / 2))
})

test('what a service sends is read, and the rest is written, as agreed', () => {
  expect(readMessage(messages.ping)).toEqual({ type: 'ping', id: 1 })
  expect(readMessage(messages.synced)).toEqual({ type: 'synced', id: 1 })
  expect(readMessage(messages.bye)).toEqual({ type: 'bye' })
  expect(readMessage(messages.fresh)).toEqual({ type: 'fresh', process: '3f0c8a52-process-of-a-service', n: 1 })
  expect({
    hello: render({ type: 'hello', leaseMs: 2000 }),
    pong: render({ type: 'pong', id: 1 }),
    sync: render({ type: 'sync', id: 1 }),
    revokeSession: render({ type: 'session', id: 'session-of-ada' }),
    revokeUser: render({ type: 'user', id: 'ada' }),
    flush: render({ type: 'flush' }),
  }).toEqual(Object.fromEntries(Object.entries(messages).filter(([name]) => !SENT_BY_SERVICES.includes(name))))
})

const SENT_BY_SERVICES = ['fresh', 'ping', 'synced', 'bye']
