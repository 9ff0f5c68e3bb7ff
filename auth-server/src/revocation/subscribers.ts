import { type RawData, WebSocket } from 'ws'
import type { FeedMetrics } from './metrics.ts'
import { type Revocation, readPing, renderPong, renderRevocation } from './protocol.ts'

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

type Subscriber = { isAlive: boolean; pings: number }
type Barrier = () => Promise<void>

/** The sockets of the services: what goes to all of them, and the pings of each. */
export class Subscribers {
  readonly #all = new Map<WebSocket, Subscriber>()
  readonly #metrics: FeedMetrics
  readonly #limits: Limits
  readonly #dropping: NodeJS.Timeout

  constructor(metrics: FeedMetrics, limits: Limits = LIMITS) {
    this.#metrics = metrics
    this.#limits = limits
    this.#dropping = setInterval(() => this.#dropDead(), limits.aliveEveryMs).unref()
  }

  get isFull(): boolean {
    return this.#all.size >= this.#limits.max
  }

  /** @param barrier of the connection that was up when the service came, never of a later one. */
  add(socket: WebSocket, barrier: Barrier): void {
    const subscriber = { isAlive: true, pings: 0 }
    this.#all.set(socket, subscriber)
    this.#metrics.subscribers(this.#all.size)
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
      const id = isBinary ? undefined : readPing(textOf(data))
      if (id === undefined || subscriber.pings >= this.#limits.pings) return this.#close(socket, 'malformed')
      void this.#pong(socket, subscriber, id, barrier)
    })
  }

  publish(revocation: Revocation): void {
    const message = renderRevocation(revocation)
    for (const socket of this.#all.keys()) this.#send(socket, message, revocation.type)
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

  async #pong(socket: WebSocket, subscriber: Subscriber, id: number, barrier: Barrier): Promise<void> {
    subscriber.pings += 1
    try {
      await barrier()
      this.#send(socket, renderPong(id), 'pong')
    } catch {
      // The connection is lost, and with it every socket that relied on it: closeAll() follows.
    } finally {
      subscriber.pings -= 1
    }
  }

  #send(socket: WebSocket, message: string, type: Revocation['type'] | 'pong'): void {
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > this.#limits.buffered) return void this.#drop(socket, 'slow')
    socket.send(message)
    this.#metrics.sent(type)
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
