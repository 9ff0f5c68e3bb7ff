import { expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { HOLD_MS, LEASE_MS, readPing, renderPong, renderRevocation } from './protocol.ts'
import { LIMITS } from './subscribers.ts'

type Times = Record<'leaseMs' | 'holdMs' | 'pingAfterMs' | 'pongTimeoutMs', number>
type Messages = Record<'ping' | 'pong' | 'revokeSession' | 'revokeUser' | 'flush', string>
const lease = readContract<Times & { messages: Messages }>('lease')

test('the lease and the hold are those of the contract', () => {
  expect([LEASE_MS, HOLD_MS]).toEqual([lease.leaseMs, lease.holdMs])
})

test('a service may send every ping that it sends until it gives up the first', () => {
  expect(LIMITS.pings).toBeGreaterThan(lease.pongTimeoutMs / lease.pingAfterMs)
})

test('a ping is read, and the rest is written, as agreed', () => {
  expect(readPing(lease.messages.ping)).toBe(1)
  expect({
    ping: lease.messages.ping,
    pong: renderPong(1),
    revokeSession: renderRevocation({ type: 'session', id: 'session-of-ada' }),
    revokeUser: renderRevocation({ type: 'user', id: 'ada' }),
    flush: renderRevocation({ type: 'flush' }),
  }).toEqual(lease.messages)
})
