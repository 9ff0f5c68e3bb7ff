import { randomUUID } from 'node:crypto'
import { type FeedStack, metricOf, startFeedStack } from './feed.ts'
import { startTestServer } from './harness.ts'
import { startProxy } from './proxy.ts'
import { type Subscriber, subscribe } from './subscriber.ts'
import { until } from './until.ts'

/** Long enough for everything that is not over by time, and for tests that wait for that. */
export const LEASE_MS = 2500
const TIMING = { responseMs: 5000, probeEveryMs: 60_000 }
const LIMITS = { max: 100, buffered: 64 * 1024, pings: 10, aliveEveryMs: 60_000, closeMs: 200 }
type Server = Awaited<ReturnType<typeof startTestServer>>

export type ServerPair = Awaited<ReturnType<typeof startServerPair>>

/** Two servers of one database, that know each other. Ends are waited for at `first`; `other` has a proxy of its own. */
export async function startServerPair() {
  const stack = await startFeedStack(TIMING, { SESSION_LEASE_MS: String(LEASE_MS) })
  await stack.feed.stop()
  const toOther = await startProxy(stack.database)
  const start = (variables: Record<string, string> = {}) => startServer(stack, variables)
  const other = await start({ DATABASE_URL_DIRECT: stack.database.variables(toOther.port).DATABASE_URL ?? '' })
  const first = await start()
  await first.feed.settled() // from then on it knows everybody
  const services: Subscriber[] = []

  /** A service that has a lease of full length. */
  async function lease(server: Server, process: string = randomUUID(), n = 1): Promise<Subscriber> {
    const service = await subscribe(server)
    services.push(service)
    await service.freshen(process, n)
    return service
  }

  /** Renews its lease and returns when it asked: a lease runs from the ping, and part of it has passed when the pong is read. */
  async function extend(service: Subscriber): Promise<number> {
    const askedAt = performance.now()
    await service.ping()
    return askedAt
  }

  /** By then, what could be answered without anybody else has been. */
  async function roundTrips(): Promise<void> {
    for (const server of [first, other, first, other]) {
      const service = await subscribe(server)
      await service.ping()
      service.say({ type: 'bye' })
      service.close()
    }
  }

  /** All services have left, and nobody's lease is out. */
  async function clear(): Promise<void> {
    for (const service of services.splice(0)) {
      service.say({ type: 'bye' })
      service.socket.close()
      await service.closed
    }
    await until(async () => (await leases(first)) + (await leases(other)) === 0)
  }

  return {
    ...{ stack, first, other, toOther, start, lease, extend, roundTrips, clear },
    stop: async () => {
      await Promise.all([first.stop(), other.stop()])
      await toOther.close()
      await stack.stop()
    },
  }
}

async function startServer(stack: FeedStack, variables: Record<string, string>): Promise<Server> {
  const server = await startTestServer({ ...stack.variables, ...variables }, { timing: TIMING, limits: LIMITS })
  await until(() => server.feed.isOpen())
  return server
}

export const leases = (server: Server) => metricOf(server, 'feed_leases')
export const released = (server: Server, by: 'acknowledged' | 'time') =>
  metricOf(server, `feed_hold_seconds_count{released="${by}"}`)

/** The wait for what was ended until now. */
export function end(server: Server) {
  const hold = { isOver: false, over: Promise.resolve() }
  hold.over = server.feed.settled().then(() => {
    hold.isOver = true
  })
  return hold
}
