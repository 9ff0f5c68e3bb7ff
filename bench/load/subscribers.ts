import { connect, type Socket } from 'node:net'
import { request } from './request.ts'

export type Subscribers = {
  /** How many the server has closed: they cost it nothing any more. */
  lost(): number
  close(): void
}
type Plan = { port: number; path: string; internalToken: string; count: number; pingEveryMs: number }

const TEXT = 0x1
const PING = 0x9
const PONG = 0xa

/**
 * Connects as that many active service processes do, each with a ping every `pingEveryMs`, spread over that time. Bare
 * sockets: a WebSocket client for each would cost more than the server.
 */
export async function subscribe(plan: Plan): Promise<Subscribers> {
  const sockets = await Promise.all(Array.from({ length: plan.count }, () => connectOne(plan)))
  const timers = sockets.map((socket, index) => startPings(socket, plan, (index * plan.pingEveryMs) / plan.count))
  return {
    lost: () => sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length,
    close: () => {
      for (const stop of timers) stop()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function startPings(socket: Socket, { pingEveryMs }: Plan, afterMs: number): () => void {
  let id = 0
  const ping = () => void socket.write(frame(TEXT, JSON.stringify({ type: 'ping', id: id++ })))
  let timer = setTimeout(() => {
    ping()
    timer = setInterval(ping, pingEveryMs)
  }, afterMs)
  return () => clearInterval(timer)
}

async function connectOne({ port, path, internalToken }: Plan): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  const headers = { ...upgrade, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'x-internal-token': internalToken }
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('close', () => reject(new Error('The feed closed the connection')))
    let received: Buffer = Buffer.alloc(0)
    let isUpgraded = false
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (!isUpgraded) {
        const end = received.indexOf('\r\n\r\n')
        if (end < 0) return
        const status = received.toString('latin1', 0, 12)
        if (status !== 'HTTP/1.1 101') return reject(new Error(`The feed returned ${status}`))
        isUpgraded = true
        received = received.subarray(end + 4)
        resolve()
      }
      received = respond(socket, received)
    })
    socket.write(request({ path, headers }))
  })
  return socket
}

/** Responds to the frames that want it, all of them short; returns what has not arrived to its end. */
function respond(socket: Socket, received: Buffer): Buffer {
  let rest = received
  for (let end = endOf(rest); rest.length >= end; end = endOf(rest)) {
    const [kind, payload] = [(rest[0] ?? 0) & 0xf, rest.toString('utf8', 2, end)]
    rest = rest.subarray(end)
    if (kind === PING) socket.write(frame(PONG, payload))
    // The second version of the protocol: only who has said that it is fresh gets more than 50 ms.
    if (kind === TEXT && isHello(payload)) {
      socket.write(frame(TEXT, JSON.stringify({ type: 'fresh', process: `bench-${socket.localPort}`, n: 1 })))
    }
    if (kind === TEXT && payload.includes('"sync"')) socket.write(frame(TEXT, payload.replace('sync', 'synced')))
  }
  return rest
}

const isHello = (payload: string) => payload.includes('"hello"')
const endOf = (bytes: Buffer) => (bytes.length < 2 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f))

/** From a client, so with a mask (RFC 6455 §5.3): of zeros, which changes nothing. */
function frame(kind: number, payload: string): Buffer {
  const text = Buffer.from(payload)
  return Buffer.concat([Buffer.from([0x80 | kind, 0x80 | text.length, 0, 0, 0, 0]), text])
}
