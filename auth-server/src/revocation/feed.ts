import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'hono'
import type { Pool } from 'pg'
import type { Registry } from 'prom-client'
import type { WebSocket } from 'ws'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Log } from '../log.ts'
import { type Listening, openListening, type Timing } from './listening.ts'
import { createFeedMetrics } from './metrics.ts'
import type { Revocation } from './protocol.ts'
import { createSubscribers, type Limits } from './subscribers.ts'

export type Feed = {
  /** False while revocations are not heard, and when there are too many services: nobody may subscribe. */
  isOpen: () => boolean
  accept: (socket: WebSocket) => void
  stop: () => Promise<void>
}

type Parts = { env: Env; pool: Pool; log: Log; registry: Registry; timing?: Timing; limits?: Limits }

/** Doubled after each failure, and jittered so that servers that lost one database do not return as one. */
const RETRY = { firstMs: 50, mostMs: 1000 }

/**
 * Tells services what to forget, for as long as the process lives. A service that is connected misses nothing: with the
 * connection to the database its socket ends too, and whoever comes back starts with an empty cache.
 */
export function startFeed({ env, pool, log, registry, timing, limits }: Parts): Feed {
  const metrics = createFeedMetrics(registry)
  const subscribers = createSubscribers(metrics, limits)
  const stopping = new AbortController()
  let listening: Listening | undefined
  let failures = 0
  const done = listenForEver()

  async function listenForEver(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await listenOnce()
      } catch (error) {
        note(error)
      }
      await sleep(retryMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  /** Rejects with what ended it. */
  async function listenOnce(): Promise<void> {
    const opened = await openListening({ env, pool, onRevocation, ...(timing && { timing }) })
    if (stopping.signal.aborted) return opened.end()
    listening = opened
    failures = 0
    metrics.opened()
    log.info('revocations are heard, services may subscribe')
    const reason = await opened.lost
    listening = undefined
    void subscribers.closeAll('listen_lost')
    if (!stopping.signal.aborted) throw reason
  }

  /** Once in an outage: every server tries again every second until it is over. */
  function note(err: unknown): void {
    metrics.failed()
    failures += 1
    if (failures === 1) log.warn({ err }, 'revocations are not heard, no service has a lease')
    else log.debug({ err, failures }, 'revocations are still not heard')
  }

  function onRevocation(revocation: Revocation): void {
    metrics.revoked(revocation)
    subscribers.publish(revocation)
  }

  function accept(socket: WebSocket): void {
    const { barrier } = listening ?? LOST
    subscribers.add(socket, () => timed(barrier()))
    // It was lost while the socket was being opened.
    if (!listening) void subscribers.closeAll('listen_lost')
  }

  async function timed(passing: Promise<void>): Promise<void> {
    const stop = metrics.startBarrier()
    await passing
    stop()
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await subscribers.stop()
    listening?.end()
    await done
  }

  const isOpen = () => listening !== undefined && !stopping.signal.aborted && !subscribers.isFull()
  return { isOpen, accept, stop }
}

const LOST = { barrier: () => Promise.reject(new Error('not listening')) }

const retryMs = (failures: number) =>
  Math.min(RETRY.mostMs, RETRY.firstMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

/** WS /internal/feed: what services must forget, see docs/session-cache.md. 503 while it would not be complete. */
export function answerFeed(c: Context<HttpEnv>, feed: Feed): Response {
  const { upgrade } = c.env
  if (!upgrade || c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw new HttpError('UPGRADE_REQUIRED')
  if (!feed.isOpen()) throw new HttpError('FEED_UNAVAILABLE')
  upgrade(feed.accept)
  return c.body(null) // not sent: the socket answers with 101
}
