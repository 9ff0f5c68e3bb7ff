import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from '../../dev/src/processes/ports.ts'

/** Stands in front of PostgreSQL and fails as networks and servers do, for one test file and not for the others. */
export type Proxy = {
  port: number
  /** Everything works again; what was held goes on. */
  pass: () => Promise<void>
  /** Nobody listens: the server is stopped. Established connections end. */
  refuse: () => Promise<void>
  /** Nothing responds and nothing ends: the server hangs, or its packets are lost. */
  hold: () => void
  /** Questions arrive, and their responses wait here until `pass`. */
  holdResponses: () => { count: () => number; passFirst: () => void }
  /** Established connections are reset; new ones work. */
  reset: () => void
  /** Established connections stay silent for ever, new ones work: a failover that sent no goodbye. */
  abandon: () => void
  /** New connections go to another server, and established ones stay where they are: a balancer after a failover. */
  lead: (target: Target) => void
  /** Everything is reset once the client has sent so many more messages: somebody pulled the plug in mid-work. */
  resetAfter: (messages: number) => void
  /** What arrives of PostgreSQL's responses, until it is changed again. */
  onResponse: (change: (bytes: Buffer) => Buffer) => void
  close: () => Promise<void>
}

type Target = { host: string; port: number }
type Pair = { near: Socket; far: Socket }

/** @param onSent sees every byte that is sent to PostgreSQL. */
export async function startProxy(target: Target, onSent: (bytes: Buffer) => void = () => undefined): Promise<Proxy> {
  const pairs = new Set<Pair>()
  const abandoned = new Set<Pair>()
  let isHolding = false
  let to = target
  let messagesLeft = Number.POSITIVE_INFINITY
  let change = (bytes: Buffer) => bytes
  let heldResponses: (() => void)[] | undefined

  const open = (near: Socket) => {
    const pair = { near, far: connect(to) }
    pairs.add(pair)
    near.on('data', (bytes) => {
      if (messagesLeft-- <= 0) return reset()
      onSent(bytes)
      pair.far.write(bytes)
    })
    pair.far.on('data', (bytes) => {
      if (heldResponses) heldResponses.push(() => near.write(bytes))
      else near.write(change(bytes))
    })
    for (const socket of [near, pair.far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => end(pair))
    }
    if (isHolding) pause(pair)
  }
  const end = (pair: Pair) => {
    pairs.delete(pair)
    if (abandoned.has(pair)) return
    pair.near.destroy()
    pair.far.destroy()
  }

  // Reserved: nothing else can take it while the proxy refuses connections.
  const port = await freePort()
  let server = await listen(createServer(open), port)

  async function refuse() {
    if (!server.listening) return
    server.close()
    for (const pair of pairs) end(pair)
    await once(server, 'close')
  }

  function reset() {
    for (const { near, far } of pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
  }

  return {
    port,
    refuse,
    pass: async () => {
      isHolding = false
      for (const passOn of heldResponses ?? []) passOn()
      heldResponses = undefined
      for (const pair of pairs) resume(pair)
      if (!server.listening) server = await listen(createServer(open), port)
    },
    hold: () => {
      isHolding = true
      for (const pair of pairs) pause(pair)
    },
    holdResponses: () => {
      const held: (() => void)[] = []
      heldResponses = held
      return { count: () => held.length, passFirst: () => held.shift()?.() }
    },
    reset,
    lead: (chosen) => {
      to = chosen
    },
    resetAfter: (messages) => {
      messagesLeft = messages
    },
    abandon: () => {
      for (const pair of pairs) {
        abandoned.add(pair)
        pause(pair)
        pair.far.destroy()
      }
    },
    onResponse: (chosen) => {
      change = chosen
    },
    close: async () => {
      for (const { near } of abandoned) near.destroy()
      await refuse()
    },
  }
}

async function listen(server: Server, port: number): Promise<Server> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function pause({ near, far }: Pair): void {
  near.pause()
  far.pause()
}

function resume({ near, far }: Pair): void {
  near.resume()
  far.resume()
}
