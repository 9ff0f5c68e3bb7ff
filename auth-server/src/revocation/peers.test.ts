import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { metricOf } from '../../test/feed.ts'
import { end, LEASE_MS, type ServerPair, startServerPair } from '../../test/server-pair.ts'
import { until } from '../../test/until.ts'
import { type PeerMessage, readPeerMessage } from './peers.ts'

let pair: ServerPair
let listener: pg.Client
const heard: PeerMessage[] = []
beforeAll(async () => {
  pair = await startServerPair()
  listener = new pg.Client({ connectionString: pair.stack.database.ownerUrl })
  await listener.connect()
  listener.on('notification', ({ payload = '' }) => {
    const message = readPeerMessage(payload, 'public')
    if (message && message !== 'foreign') heard.push(message)
  })
  await listener.query('LISTEN auth_sidecar_leases')
})
afterEach(async () => {
  await pair.clear()
  await hear()
  heard.length = 0
})
afterAll(async () => {
  await listener.end()
  await pair.stop()
})

const notify = (payload: string) => pair.stack.sql(`SELECT pg_notify('auth_sidecar_leases', $1)`, [payload])
/**
 * All that was said before the call has been heard: a connection gets what it says itself at once, and everything before it first.
 * The servers ignore it, as they do all of another schema.
 */
const hear = () =>
  listener.query(`SELECT pg_notify('auth_sidecar_leases', '{"schema":"other","barrier":{"n":0,"from":"x"}}')`)

test('a server tells of itself before each pong', async () => {
  const service = await pair.lease(pair.first)
  for (let round = 0; round < 20; round++) {
    await hear()
    heard.length = 0
    await service.ping()
    await hear()
    expect(heard.filter(({ type }) => type === 'member')).toHaveLength(1)
  }
})

describe('what other servers say', () => {
  test('is ignored and counted where it cannot be read', async () => {
    const before = await metricOf(pair.first, 'feed_malformed_notifications_total')
    const service = await pair.lease(pair.first)
    const hold = end(pair.first)
    const id = await service.sync()
    const junk = [
      '',
      'junk',
      '{}',
      '{"schema":"public","done":{"n":1}}',
      '{"schema":"public","member":{"id":"x","lease_ms":86400000}}',
    ]
    for (const payload of junk) await notify(payload)
    await notify('{"schema":"other","member":{"id":"x","lease_ms":1000}}')
    await pair.roundTrips()
    expect(await metricOf(pair.first, 'feed_malformed_notifications_total')).toBe(before + junk.length)
    expect(hold.isOver).toBe(false)
    service.say({ type: 'synced', id })
    await hold.over
  })

  test('counts only for what was asked, and from whom', async () => {
    const service = await pair.lease(pair.other)
    const hold = end(pair.first)
    const id = await service.sync()
    await hear()
    const [barrier] = heard.filter((message) => message.type === 'barrier')
    if (!barrier) throw new Error('nobody asked')
    const members = heard.filter((message) => message.type === 'member')
    for (const { id: by } of [{ id: 'nobody' }, { id: barrier.from }]) {
      await notify(JSON.stringify({ schema: 'public', done: { n: barrier.n, from: barrier.from, id: by } }))
    }
    for (const { id: by } of members) {
      await notify(JSON.stringify({ schema: 'public', done: { n: barrier.n + 1, from: barrier.from, id: by } }))
      await notify(JSON.stringify({ schema: 'public', done: { n: barrier.n, from: 'somebody', id: by } }))
    }
    await pair.roundTrips()
    expect(hold.isOver).toBe(false)
    service.say({ type: 'synced', id })
    await hold.over
  })

  test('is waited for by time, where it stops to hear in the middle', async () => {
    const service = await pair.lease(pair.other)
    const askedAt = await pair.extend(service)
    const hold = end(pair.first)
    await service.sync()
    pair.toOther.reset()
    await service.closed
    await hold.over
    expect(performance.now() - askedAt).toBeGreaterThan(LEASE_MS)
    await until(() => pair.other.feed.isOpen())
    await pair.other.feed.settled()
  })
})

test('beside a server that grants longer leases than are allowed here, nobody gets one, and the log says why', async () => {
  const service = await pair.lease(pair.first)
  const longer = await pair.start({ SESSION_LEASE_MS: String(LEASE_MS + 1) })
  await pair.lease(longer)
  await until(() => !pair.first.feed.isOpen())
  service.say({ type: 'ping', id: 999 })
  service.socket.ping()
  await new Promise((resolve) => service.socket.once('pong', resolve))
  const { userId } = await pair.stack.person()
  await pair.stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])
  await service.message(({ user }) => user === userId)
  expect(service.messages.filter(({ id }) => id === 999)).toEqual([])
  expect(pair.first.lines.filter((line) => line.includes('SESSION_LEASE_MAX_MS'))).toHaveLength(1)
  const ready = await fetch(`${pair.first.url}/health/ready`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'FEED_UNAVAILABLE' }])

  await longer.stop()
  await until(() => pair.first.feed.isOpen())
  expect((await fetch(`${pair.first.url}/health/ready`)).status).toBe(200)
})
