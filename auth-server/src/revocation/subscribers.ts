import { type RawData, WebSocket } from 'ws'
import { Lease, type Leases } from './leases.ts'
import type { FeedMetrics } from './metrics.ts'
import { type Received, type Revocation, readMessage, render, type Sent } from './protocol.ts'

/** RFC 6455 §7.4.1: going away, policy violation. 1013 is "try again later" in IANA's registry. */
const CODES = { shutdown: 1001, malformed: 1008, listen_lost: 1013 } as const

export type Limits = {
  /** Services at once. */
  max: number
  /** Bytes a service has not taken yet: one that reads so slowly has no lease anyway. */
  buffered: number
  /** Pings of one service under way: more than it sends until it gives up the first, see contract/lease.json. */
  pings: number
  aliveEveryMs: number
  closeMs: number
}
export const LIMITS: Limits = { max: 1000, buffered: 1024 * 1024, pings: 100, aliveEveryMs: 10_000, closeMs: 1000 }

type Subscriber = { socket: WebSocket; lease: Lease; barrier: Barrier; isAlive: boolean; pings: number }
type Barrier = () => Promise<void>
type Parts = {
  /** What a ping earns. */
  leaseMs: number
  leases: Leases
  mayGrant: () => boolean
  metrics: FeedMetrics
  limits?: Limits
}

/** The sockets of the services: what goes to all of them, and the pings of each. */
export class Subscribers {
  readonly #all = new Map<WebSocket, Subscriber>()
  readonly #parts: Parts
  readonly #metrics: FeedMetrics
  readonly #limits: Limits
  readonly #dropping: NodeJS.Timeout

  constructor(parts: Parts) {
    this.#parts = parts
    this.#metrics = parts.metrics
    this.#limits = parts.limits ?? LIMITS
    this.#dropping = setInterval(() => this.#dropDead(), this.#limits.aliveEveryMs).unref()
  }

  get isFull(): boolean {
    return this.#all.size >= this.#limits.max
  }

  /** @param barrier of the connection that was up when the service came, never of a later one. */
  add(socket: WebSocket, barrier: Barrier): void {
    const lease = new Lease((id) => this.#send(socket, { type: 'sync', id }))
    const subscriber = { socket, lease, barrier, isAlive: true, pings: 0 }
    this.#all.set(socket, subscriber)
    this.#metrics.subscribers(this.#all.size)
    this.#send(socket, { type: 'hello', leaseMs: this.#parts.leaseMs })
    socket.on('close', () => {
      this.#all.delete(socket)
      this.#metrics.subscribers(this.#all.size)
    })
    // Too large, not UTF-8, not a WebSocket frame: ws has closed the socket already.
    socket.on('error', () => this.#metrics.closed('malformed'))
    socket.on('pong', () => {
      subscriber.isAlive = true
    })
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== WebSocket.OPEN) return
      const message = isBinary ? undefined : readMessage(textOf(data))
      if (!message || !this.#take(subscriber, message)) this.#close(socket, 'malformed')
    })
  }

  publish(revocation: Revocation): void {
    for (const socket of this.#all.keys()) this.#send(socket, revocation)
  }

  /** Resolves when the last of them is gone. */
  async closeAll(reason: 'shutdown' | 'listen_lost'): Promise<void> {
    const open = [...this.#all.keys()].filter((socket) => socket.readyState === WebSocket.OPEN)
    for (const socket of open) this.#close(socket, reason)
    await Promise.all([...this.#all.keys()].map(closeOf))
  }

  async stop(): Promise<void> {
    clearInterval(this.#dropping)
    await this.closeAll('shutdown')
  }

  /** False for what no service sends. */
  #take(subscriber: Subscriber, message: Received): boolean {
    const { lease, pings } = subscriber
    switch (message.type) {
      case 'ping':
        if (pings >= this.#limits.pings) return false
        void this.#pong(subscriber, message.id, lease.earned(this.#parts.leaseMs))
        return true
      case 'fresh':
        if (lease.fresh) return false
        this.#parts.leases.begin(lease, { process: message.process, n: message.n })
        return true
      case 'synced':
        lease.synced(message.id)
        return true
      case 'bye':
        lease.end()
        return true
    }
  }

  /** @param leaseMs by when the ping came: what was asked before the service had emptied its cache earns less. */
  async #pong(subscriber: Subscriber, id: number, leaseMs: number): Promise<void> {
    const { socket, lease, barrier } = subscriber
    const { leases, mayGrant } = this.#parts
    subscriber.pings += 1
    try {
      await barrier()
      if (lease.isEnded || !mayGrant() || socket.readyState !== WebSocket.OPEN) return
      leases.extend(lease, leaseMs)
      this.#send(socket, { type: 'pong', id })
    } catch {
      // The connection is lost, and with it every socket that relied on it: closeAll() follows.
    } finally {
      subscriber.pings -= 1
    }
  }

  #send(socket: WebSocket, message: Sent): boolean {
    if (socket.readyState !== WebSocket.OPEN) return false
    if (socket.bufferedAmount > this.#limits.buffered) {
      this.#drop(socket, 'slow')
      return false
    }
    socket.send(render(message))
    this.#metrics.sent(message.type)
    return true
  }

  #dropDead(): void {
    for (const [socket, subscriber] of this.#all) {
      if (!subscriber.isAlive) this.#drop(socket, 'dead')
      subscriber.isAlive = false
      socket.ping()
    }
  }

  /** Without a close frame: the peer would not read it. */
  #drop(socket: WebSocket, reason: 'slow' | 'dead'): void {
    this.#metrics.closed(reason)
    socket.terminate()
  }

  #close(socket: WebSocket, reason: keyof typeof CODES): void {
    this.#metrics.closed(reason)
    socket.close(CODES[reason], reason)
    const cut = setTimeout(() => socket.terminate(), this.#limits.closeMs)
    socket.once('close', () => clearTimeout(cut))
  }
}

/** Not by once() of node:events, which rejects when a peer that is being closed sends something that is not a frame. */
const closeOf = (socket: WebSocket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()))

const textOf = (data: RawData) => (Buffer.isBuffer(data) ? data.toString('utf8') : '')
