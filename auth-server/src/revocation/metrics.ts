import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Revocation, Sent } from './protocol.ts'

export type FeedMetrics = ReturnType<typeof createFeedMetrics>

/** @param leases how many services may use their caches, and how many other servers may have leases out. */
export function createFeedMetrics(registry: Registry, leases: { out: () => number; members: () => number }) {
  const registers = [registry]
  const subscribers = new Gauge({
    name: 'feed_subscribers',
    help: 'Service processes that are connected to the feed.',
    registers,
  })
  const listening = new Gauge({
    name: 'feed_listening',
    help: '1 while revocations are heard from the database. At 0 services have no lease and ask about every request.',
    registers,
  })
  const connections = new Counter({
    name: 'feed_listen_connections_total',
    help: 'LISTEN connections that were opened, the first one included.',
    registers,
  })
  const failures = new Counter({
    name: 'feed_listen_failures_total',
    help: 'LISTEN connections that were lost, and attempts that failed.',
    registers,
  })
  const revocations = new Counter({
    name: 'feed_revocations_total',
    help: 'Revocations heard from the database, by what was ended: session, user, or everything (flush).',
    labelNames: ['type'],
    registers,
  })
  const messages = new Counter({
    name: 'feed_messages_total',
    help: 'Messages sent to services.',
    labelNames: ['type'],
    registers,
  })
  const closes = new Counter({
    name: 'feed_closes_total',
    help: 'Sockets that this server closed, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const barriers = new Histogram({
    name: 'feed_barrier_seconds',
    help: "From a service's ping until everything revoked before it has been passed on.",
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers,
  })
  new Gauge({
    name: 'feed_leases',
    help: 'Connections whose service may be using its cache, those that are gone and not yet over included.',
    registers,
    collect() {
      this.set(leases.out())
    },
  })
  new Gauge({
    name: 'feed_members',
    help: 'Other auth servers that may have granted leases, by what they told of themselves.',
    registers,
    collect() {
      this.set(leases.members())
    },
  })
  const holds = new Histogram({
    name: 'feed_hold_seconds',
    help: 'How long a response was held that may acknowledge the end of a session, by what released it: all leases were acknowledged, or some were over by time.',
    labelNames: ['released'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10.5],
    registers,
  })
  const malformed = new Counter({
    name: 'feed_malformed_notifications_total',
    help: 'Notifications between auth servers that could not be read. They are ignored.',
    registers,
  })
  return {
    malformed: () => malformed.inc(),
    startHold: () => {
      const stop = holds.startTimer()
      return (isAcknowledged: boolean) => stop({ released: isAcknowledged ? 'acknowledged' : 'time' })
    },
    subscribers: (count: number) => subscribers.set(count),
    opened: () => {
      listening.set(1)
      connections.inc()
    },
    failed: () => {
      listening.set(0)
      failures.inc()
    },
    revoked: ({ type }: Revocation) => revocations.inc({ type }),
    sent: (type: Sent['type']) => messages.inc({ type }),
    closed: (reason: 'listen_lost' | 'shutdown' | 'malformed' | 'slow' | 'dead') => closes.inc({ reason }),
    startBarrier: () => barriers.startTimer(),
  }
}
