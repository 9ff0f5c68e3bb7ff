import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'hono'
import type { Registry } from 'prom-client'
import type { WebSocket } from 'ws'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Log } from '../log.ts'
import { Endings } from './endings.ts'
import { Leases } from './leases.ts'
import { type Listening, openListening, type Timing } from './listening.ts'
import { Members } from './members.ts'
import { createFeedMetrics, type FeedMetrics } from './metrics.ts'
import type { PeerMessage } from './peers.ts'
import type { Revocation } from './protocol.ts'
import { type Limits, Subscribers } from './subscribers.ts'

export type Feed = {
  /** False while revocations are not heard, and when there are too many services: nobody may subscribe. */
  isOpen: () => boolean
  /** Whether revocations are heard, from the primary that writes go to. */
  isListening: () => boolean
  accept: (socket: WebSocket) => void
  /**
   * Resolves when no service accepts a session any more whose end had been committed before the call: with true where
   * revocations were heard all the time.
   */
  settled: () => Promise<boolean>
  /** What keeps this server from granting leases although revocations are heard. */
  problems: () => string[]
  stop: () => Promise<void>
}

type Parts = {
  env: Env
  renewPools: () => void
  /** Is told of every revocation, besides the services. */
  hear: (revocation: Revocation) => void
  log: Log
  registry: Registry
  timing?: Timing
  limits?: Limits
}

/** Doubled after each failure, and jittered so that servers that lost one database do not return as one. */
const RETRY = { firstMs: 50, maxMs: 1000 }

/**
 * Tells services what to forget, for as long as the process lives. A service that is connected misses nothing: when the
 * connection to the database ends, so does its socket, and whoever comes back starts with an empty cache.
 */
export function startFeed(parts: Parts): Feed {
  const feed = new RunningFeed(parts)
  return {
    isOpen: () => feed.isOpen,
    isListening: () => feed.isListening,
    accept: (socket) => feed.accept(socket),
    settled: () => feed.settled(),
    problems: () => feed.problems(),
    stop: () => feed.stop(),
  }
}

class RunningFeed {
  readonly #parts: Parts
  readonly #metrics: FeedMetrics
  readonly #leases = new Leases()
  readonly #members: Members
  readonly #endings: Endings
  readonly #subscribers: Subscribers
  readonly #stopping = new AbortController()
  readonly #done: Promise<void>
  #listening: Listening | undefined
  #failures = 0

  constructor(parts: Parts) {
    this.#parts = parts
    const { SESSION_LEASE_MS: leaseMs, SESSION_LEASE_MAX_MS: longestLeaseMs } = parts.env
    const [leases, members] = [this.#leases, new Members(longestLeaseMs)]
    this.#members = members
    this.#endings = new Endings({ leaseMs, leases, members })
    this.#metrics = createFeedMetrics(parts.registry, {
      out: () => leases.current().length,
      members: () => members.current().size,
    })
    const mayGrant = () => !members.hasMisfit
    const { limits } = parts
    this.#subscribers = new Subscribers({
      leaseMs,
      leases,
      mayGrant,
      metrics: this.#metrics,
      ...(limits && { limits }),
    })
    this.#done = this.#listenForEver()
  }

  get isListening(): boolean {
    return this.#listening !== undefined
  }

  get isOpen(): boolean {
    return this.isListening && !this.#stopping.signal.aborted && !this.#subscribers.isFull && !this.#members.hasMisfit
  }

  accept(socket: WebSocket): void {
    const { barrier } = this.#listening ?? LOST
    this.#subscribers.add(socket, () => this.#timed(barrier()))
    // It was lost while the socket was being opened.
    if (!this.#listening) void this.#subscribers.closeAll('listen_lost')
  }

  async settled(): Promise<boolean> {
    const listening = this.#listening
    const stop = this.#metrics.startHold()
    const isAcknowledged = await this.#endings.settled()
    stop(isAcknowledged)
    return isAcknowledged || (listening !== undefined && listening === this.#listening)
  }

  problems(): string[] {
    return this.#members.hasMisfit ? [MISFIT] : []
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#subscribers.stop()
    this.#listening?.end()
    await this.#done
  }

  async #listenForEver(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#listenOnce()
      } catch (error) {
        this.#note(error)
      }
      await sleep(retryMs(this.#failures), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Rejects with what ended it. */
  async #listenOnce(): Promise<void> {
    const { env, renewPools, log, timing } = this.#parts
    const opened = await openListening({
      ...{ env, renewPools, ...(timing && { timing }) },
      onRevocation: (revocation) => this.#pass(revocation),
      onPeerMessage: (message) => this.#hear(message),
      signOfLife: { type: 'member', id: this.#endings.id, leaseMs: env.SESSION_LEASE_MS },
    })
    if (this.#stopping.signal.aborted) return opened.end()
    this.#listening = opened
    this.#endings.listens(opened.say)
    this.#failures = 0
    this.#metrics.opened()
    log.info('revocations are heard, services may subscribe')
    const reason = await opened.lost
    this.#listening = undefined
    this.#endings.deaf()
    void this.#subscribers.closeAll('listen_lost')
    if (!this.#stopping.signal.aborted) throw reason
  }

  /** A warning once in an outage: every server tries again every second until it is over. */
  #note(err: unknown): void {
    const { log } = this.#parts
    this.#metrics.failed()
    this.#failures += 1
    if (this.#failures === 1) log.warn({ err }, 'revocations are not heard, no service has a lease')
    else log.debug({ err, failures: this.#failures }, 'revocations are still not heard')
  }

  #pass(revocation: Revocation): void {
    this.#metrics.revoked(revocation)
    this.#parts.hear(revocation)
    this.#subscribers.publish(revocation)
  }

  #hear(message: PeerMessage | undefined): void {
    const { log } = this.#parts
    if (!message) {
      this.#metrics.malformed()
      return
    }
    const hadMisfit = this.#members.hasMisfit
    this.#endings.hear(message)
    if (this.#members.hasMisfit && !hadMisfit) log.error({ heard: message }, MISFIT)
  }

  async #timed(passing: Promise<void>): Promise<void> {
    const stop = this.#metrics.startBarrier()
    await passing
    stop()
  }
}

const MISFIT =
  'Another auth server grants longer leases than SESSION_LEASE_MAX_MS allows here: raise it on every auth server first.'

const LOST = { barrier: () => Promise.reject(new Error('not listening')) }

const retryMs = (failures: number) =>
  Math.min(RETRY.maxMs, RETRY.firstMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

/** WS /internal/feed: what services must forget, see docs/session-feed.md. 503 while it would not be complete. */
export function respondWithFeed(c: Context<HttpEnv>, feed: Feed): Response {
  const { upgrade } = c.env
  if (!upgrade || c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw new HttpError('UPGRADE_REQUIRED')
  if (!feed.isOpen()) throw new HttpError('FEED_UNAVAILABLE')
  upgrade(feed.accept)
  return c.body(null) // not sent: the socket responds with 101
}
