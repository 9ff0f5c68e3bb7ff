import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { revocations } from '../../test/feed.ts'
import { end, LEASE_MS, leases, released, type ServerPair, startServerPair } from '../../test/server-pair.ts'
import { until } from '../../test/until.ts'

let pair: ServerPair
beforeAll(async () => {
  pair = await startServerPair()
})
afterEach(() => pair.clear())
afterAll(() => pair.stop())

describe('an end is acknowledged', () => {
  test('at once where nobody has a lease', async () => {
    const before = await released(pair.first, 'acknowledged')
    await end(pair.first).over
    expect(await released(pair.first, 'acknowledged')).toBe(before + 1)
  })

  test.each([
    ['of the same server', () => pair.first],
    ['of another server', () => pair.other],
  ])('when a service %s says that it has applied it, and not before', async (_what, server) => {
    const before = await released(pair.first, 'acknowledged')
    const service = await pair.lease(server())
    const hold = end(pair.first)
    const id = await service.sync()
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    service.say({ type: 'synced', id })
    await hold.over
    expect(await released(pair.first, 'acknowledged')).toBe(before + 1)
  })

  test('when every service has: what one says, however often, does not count for another', async () => {
    const [one, two] = [await pair.lease(pair.first), await pair.lease(pair.first)]
    const hold = end(pair.first)
    const id = await one.sync()
    for (let times = 0; times < 3; times++) one.say({ type: 'synced', id })
    await two.sync()
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    two.say({ type: 'synced', id })
    await hold.over
  })

  test('when the services of every server have', async () => {
    const [near, far] = [await pair.lease(pair.first), await pair.lease(pair.other)]
    const hold = end(pair.first)
    near.say({ type: 'synced', id: await near.sync() })
    await far.sync()
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    far.say({ type: 'synced', id: await far.sync() })
    await hold.over
  })

  test('only by an answer to what was asked: not by one that came before the question', async () => {
    const service = await pair.lease(pair.first)
    for (let id = 0; id < 200; id++) service.say({ type: 'synced', id })
    service.socket.ping()
    await once(service.socket, 'pong') // they have been read, and no pong of the feed has extended the lease
    const hold = end(pair.first)
    const id = await service.sync()
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    service.say({ type: 'synced', id })
    await hold.over
  })

  test('after each service has been told what was ended: the question comes behind it', async () => {
    const [near, far] = [await pair.lease(pair.first), await pair.lease(pair.other)]
    const { userId } = await pair.stack.person()
    await pair.stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
    const hold = end(pair.first)
    for (const service of [near, far]) {
      service.say({ type: 'synced', id: await service.sync() })
      expect(revocations(service)).toContainEqual({ type: 'revoke', user: userId })
      const types = service.messages.map(({ type }) => type)
      expect(types.indexOf('revoke')).toBeLessThan(types.indexOf('sync'))
    }
    await hold.over
  })

  test('by the next question, where one was asked before the end; those that wait share it', async () => {
    const service = await pair.lease(pair.first)
    pair.stack.direct.holdResponses()
    const holds = [end(pair.first), end(pair.first), end(pair.first), end(pair.first)]
    await pair.stack.direct.pass()
    service.say({ type: 'synced', id: await service.sync(1) })
    await holds[0]?.over
    const id = await service.sync(2)
    await pair.roundTrips()
    expect(holds.map(({ isOver }) => isOver)).toEqual([true, false, false, false])
    service.say({ type: 'synced', id })
    await Promise.all(holds.map(({ over }) => over))
    expect(service.messages.filter(({ type }) => type === 'sync')).toHaveLength(2)
  })
})

describe('it is held for the longest lease', () => {
  test('by a server that has just started: it has not heard yet who else has leases out', async () => {
    const service = await pair.lease(pair.other)
    const starting = pair.start()
    await service.ping()
    const newcomer = await starting
    await end(newcomer).over
    expect(await leases(pair.other)).toBe(0)
    await newcomer.stop()
  })

  test('while revocations are not heard, and again after that', async () => {
    const newcomer = await pair.start()
    await newcomer.feed.settled()
    const service = await pair.lease(newcomer)
    const calledAt = performance.now()
    const hold = end(newcomer)
    const id = await service.sync()
    await pair.stack.killListener()
    await service.closed
    service.say({ type: 'synced', id })
    await hold.over
    expect(performance.now() - calledAt).toBeGreaterThan(LEASE_MS)
    await until(() => pair.first.feed.isOpen() && pair.other.feed.isOpen())
    await Promise.all([pair.first.feed.settled(), pair.other.feed.settled(), newcomer.stop()])
  })

  test('by a server that does not hear revocations', async () => {
    await pair.toOther.refuse()
    await until(() => !pair.other.feed.isOpen())
    const calledAt = performance.now()
    await end(pair.other).over
    expect(performance.now() - calledAt).toBeGreaterThan(LEASE_MS)
    await pair.toOther.pass()
    await until(() => pair.other.feed.isOpen())
  })

  test('of 50 ms, whoever has a lease, beside servers of the first version: nobody hears of those', async () => {
    const server = await pair.start({ SESSION_LEASE_MS: '50' })
    await server.feed.settled()
    const calledAt = performance.now()
    await server.feed.settled()
    expect(performance.now() - calledAt).toBeGreaterThan(52)
    await server.stop()
  })
})
