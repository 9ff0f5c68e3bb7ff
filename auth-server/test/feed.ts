import type { Services } from '../src/services.ts'
import { signUp } from './client.ts'
import { INTERNAL_TOKEN } from './database.ts'
import { startProxiedStack } from './harness.ts'
import type { Subscriber } from './subscriber.ts'
import { until } from './until.ts'

export const LIMITS = { max: 3, buffered: 64 * 1024, pings: 10, aliveEveryMs: 60_000, closeMs: 200 }
export const withToken = { 'x-internal-token': INTERNAL_TOKEN }

export type FeedStack = Awaited<ReturnType<typeof startFeedStack>>

/** Times that a test can wait for. A database that only responds late, on a busy machine, must not look like one that hangs. */
const TIMING = { responseMs: 2000, probeEveryMs: 200 }

/** A stack whose feed is open, with limits that a test can reach. */
export async function startFeedStack(timing = TIMING, variables: Record<string, string> = {}) {
  const stack = await startProxiedStack(variables, { timing, limits: LIMITS })
  await until(() => stack.feed.isOpen())
  const { sql, registry } = stack
  return {
    ...stack,
    /** PostgreSQL's side of the LISTEN connection. */
    listeners: () => sql<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${FEED}`),
    killListener: () => sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${FEED}`),
    metric: (name: string) => metricOf({ registry }, name),
    person: async () => {
      const signedUp = await signUp(stack)
      const rows = await sql<{ id: string }>('SELECT id FROM session WHERE "userId" = $1', [signedUp.userId])
      return { ...signedUp, sessionId: rows[0]?.id }
    },
  }
}

const FEED = `application_name = 'auth-server-feed' AND datname = current_database()`

export const metricOf = async ({ registry }: Pick<Services, 'registry'>, name: string) =>
  readValue(await registry.metrics(), name)

function readValue(metrics: string, name: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.slice(name.length) ?? 0)
}

/** What a service was told to forget, in order. */
export const revocations = ({ messages }: Subscriber) =>
  messages.filter(({ type }) => type === 'revoke' || type === 'flush')
