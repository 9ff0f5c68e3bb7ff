import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { end, LEASE_MS, released, type ServerPair, startServerPair } from '../../test/server-pair.ts'
import { subscribe } from '../../test/subscriber.ts'
import { until } from '../../test/until.ts'

let pair: ServerPair
beforeAll(async () => {
  pair = await startServerPair()
})
afterEach(() => pair.clear())
afterAll(() => pair.stop())

describe('a lease is over', () => {
  test('by time, and not because its connection was closed', async () => {
    const service = await pair.lease(pair.first)
    const askedAt = await pair.extend(service)
    service.close()
    await service.closed
    await end(pair.first).over
    expect(performance.now() - askedAt).toBeGreaterThan(LEASE_MS)
  })

  test('by time, where the service does not answer, or its server', async () => {
    const askedAt = await pair.extend(await pair.lease(pair.other))
    pair.toOther.hold()
    await end(pair.first).over
    expect(performance.now() - askedAt).toBeGreaterThan(LEASE_MS)
    await pair.toOther.pass()
  })

  test('when its service says so, which gets no pong after that', async () => {
    const service = await pair.lease(pair.first)
    service.say({ type: 'bye' })
    const hold = end(pair.first)
    service.say({ type: 'ping', id: 7 })
    await hold.over
    await pair.roundTrips()
    expect(service.messages.filter(({ type, id }) => type === 'sync' || id === 7)).toEqual([])
  })

  test('when the same process has begun anew on a later connection', async () => {
    const process = randomUUID()
    const before = await released(pair.first, 'acknowledged')
    const service = await pair.lease(pair.first, process, 1)
    service.close()
    await service.closed
    const hold = end(pair.first)
    await pair.lease(pair.first, process, 2)
    await hold.over
    expect(await released(pair.first, 'acknowledged')).toBe(before + 1)
  })

  test.each([
    ['another process', () => ({ process: randomUUID(), n: 2 })],
    ['an earlier connection', (process: string) => ({ process, n: 0 })],
  ])('not because of %s', async (_what, of) => {
    const process = randomUUID()
    const service = await pair.lease(pair.first, process, 1)
    const hold = end(pair.first)
    const id = await service.sync()
    const later = of(process)
    await pair.lease(pair.first, later.process, later.n)
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    service.say({ type: 'synced', id })
    await hold.over
  })

  test('after 50 ms where the service is of the first version, which is not asked', async () => {
    const service = await subscribe(pair.first)
    const before = await released(pair.first, 'time')
    // On a machine that takes longer than the lease to say so, nothing is held.
    await until(async () => {
      const askedAt = await pair.extend(service)
      await end(pair.first).over
      if ((await released(pair.first, 'time')) === before) return false
      expect(performance.now() - askedAt).toBeGreaterThan(50)
      return true
    })
    expect(new Set(service.messages.map(({ type }) => type))).toEqual(new Set(['hello', 'pong']))
  })
})
