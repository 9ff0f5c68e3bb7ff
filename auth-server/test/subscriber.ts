import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { readContract } from './contract.ts'
import { INTERNAL_TOKEN } from './database.ts'

const { feed: FEED } = readContract<{ feed: string }>('lease')

type Message = Record<string, unknown>
export type Subscriber = Awaited<ReturnType<typeof subscribe>>

/** A service process's half of the feed. */
export async function subscribe({ internalUrl }: { internalUrl: string }) {
  const socket = new WebSocket(`${internalUrl.replace('http', 'ws')}${FEED}`, {
    headers: { 'x-internal-token': INTERNAL_TOKEN },
  })
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  let pings = 0
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message)
    for (const look of waiting) look()
  })
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }))
  socket.on('error', () => undefined)
  await once(socket, 'open')

  /** Resolves at the first message that fits, from now or before. */
  function message(fits: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = messages.find(fits)
        if (found) leave(() => resolve(found))
      }
      const leave = (settle: () => void) => {
        waiting.delete(look)
        settle()
      }
      waiting.add(look)
      void closed.then(({ code }) => leave(() => reject(new Error(`closed with ${code}`))))
      look()
    })
  }

  function ping(): Promise<Message> {
    const id = ++pings
    say({ type: 'ping', id })
    return message(({ type, id: of }) => type === 'pong' && of === id)
  }

  /**
   * Receives and drops all revocations committed before the call. They arrive some time after their commit: a new
   * subscriber could otherwise receive those of the previous test.
   */
  async function catchUp(): Promise<void> {
    await ping()
    messages.length = 0
  }

  const say = (said: Message) => socket.send(JSON.stringify(said))

  /** As a service of today does: it says that its cache is empty, and asks for a lease. */
  async function freshen(process: string = randomUUID(), n = 1): Promise<void> {
    say({ type: 'fresh', process, n })
    await ping()
  }

  /** The n-th `sync` that came. */
  async function sync(n = 1): Promise<number> {
    const isNth = (one: Message) => one.type === 'sync' && messages.filter(isSync).indexOf(one) === n - 1
    return Number((await message(isNth)).id)
  }

  return { socket, messages, closed, ping, catchUp, message, say, freshen, sync, close: () => socket.terminate() }
}

const isSync = ({ type }: Message) => type === 'sync'

/** The status and body that an upgrade is refused with; 101 when it is not. */
export async function tryToSubscribe(internalUrl: string, headers: Record<string, string>, path = FEED) {
  const socket = new WebSocket(internalUrl.replace('http', 'ws') + path, { headers })
  return new Promise<{ status: number; body: string; headers: Record<string, unknown> }>((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate()
      resolve({ status: 101, body: '', headers: {} })
    })
    socket.on('unexpected-response', (request, response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += String(chunk)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
      response.on('error', reject)
      request.on('error', reject)
    })
    socket.on('error', reject)
  })
}
