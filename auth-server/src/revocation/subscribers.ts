import { type RawData, WebSocket } from 'ws'
import type { FeedMetrics } from './metrics.ts'
import { type Revocation, readPing, renderPong, renderRevocation } from './protocol.ts'

/** RFC 6455 §7.4.1: going away, policy violation. 1013 is "try again later" in IANA's registry. */
const CODES = { shutdown: 1001, malformed: 1008, listen_lost: 1013 } as const

export type Limits = {
  /** Services at once. */
  most: number
  /** Bytes a service has not taken yet: one that reads so slowly has no lease anyway. */
  buffered: number
  /** Pings of one service under way: more than it sends until it gives up the first, see contract/lease.json. */
  pings: number
  aliveEveryMs: number
  closeMs: number
}
export const LIMITS: Limits = { most: 1000, buffered: 1024 * 1024, pings: 100, aliveEveryMs: 10_000, closeMs: 1000 }

type Subscriber = { isAlive: boolean; pings: number }

/** The sockets of the services: what goes to all of them, and the pings of each. */
export function createSubscribers(metrics: FeedMetrics, limits: Limits = LIMITS) {
  const subscribers = new Map<WebSocket, Subscriber>()
  const dropping = setInterval(dropDead, limits.aliveEveryMs).unref()

  /** @param barrier of the connection that was up when the service came, never of a later one. */
  function add(socket: WebSocket, barrier: () => Promise<void>): void {
    const subscriber = { isAlive: true, pings: 0 }
    subscribers.set(socket, subscriber)
    metrics.subscribers(subscribers.size)
    socket.on('close', () => {
      subscribers.delete(socket)
      metrics.subscribers(subscribers.size)
    })
    // Too large, not UTF-8, no WebSocket frame: ws has closed the socket already.
    socket.on('error', () => metrics.closed('malformed'))
    socket.on('pong', () => {
      subscriber.isAlive = true
    })
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== WebSocket.OPEN) return
      const id = isBinary ? undefined : readPing(textOf(data))
      if (id === undefined || subscriber.pings >= limits.pings) return close(socket, 'malformed')
      void answer(socket, subscriber, id, barrier)
    })
  }

  async function answer(socket: WebSocket, subscriber: Subscriber, id: number, barrier: () => Promise<void>) {
    subscriber.pings += 1
    try {
      await barrier()
      send(socket, renderPong(id), 'pong')
    } catch {
      // The connection is lost, and with it every socket that relied on it: closeAll() follows.
    } finally {
      subscriber.pings -= 1
    }
  }

  function publish(revocation: Revocation): void {
    const message = renderRevocation(revocation)
    for (const socket of subscribers.keys()) send(socket, message, revocation.type)
  }

  function send(socket: WebSocket, message: string, type: Revocation['type'] | 'pong'): void {
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > limits.buffered) return void drop(socket, 'slow')
    socket.send(message)
    metrics.sent(type)
  }

  function dropDead(): void {
    for (const [socket, subscriber] of subscribers) {
      if (!subscriber.isAlive) drop(socket, 'dead')
      subscriber.isAlive = false
      socket.ping()
    }
  }

  /** No goodbye: the peer would not read it. */
  function drop(socket: WebSocket, reason: 'slow' | 'dead'): void {
    metrics.closed(reason)
    socket.terminate()
  }

  function close(socket: WebSocket, reason: keyof typeof CODES): void {
    metrics.closed(reason)
    socket.close(CODES[reason], reason)
    const cut = setTimeout(() => socket.terminate(), limits.closeMs)
    socket.once('close', () => clearTimeout(cut))
  }

  /** Resolves when the last of them is gone. */
  async function closeAll(reason: 'shutdown' | 'listen_lost'): Promise<void> {
    const open = [...subscribers.keys()].filter((socket) => socket.readyState === WebSocket.OPEN)
    for (const socket of open) close(socket, reason)
    await Promise.all([...subscribers.keys()].map(closeOf))
  }

  async function stop(): Promise<void> {
    clearInterval(dropping)
    await closeAll('shutdown')
  }

  return { add, publish, closeAll, stop, isFull: () => subscribers.size >= limits.most }
}

/** Not by once() of node:events, which rejects when a peer that is being closed sends what is no frame. */
const closeOf = (socket: WebSocket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()))

const textOf = (data: RawData) => (Buffer.isBuffer(data) ? data.toString('utf8') : '')
