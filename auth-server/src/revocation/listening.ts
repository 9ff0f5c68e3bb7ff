import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { connectionOptions, createClient } from '../database/pools.ts'
import { requirePrimary } from '../database/primary.ts'
import { PIN_NEWER } from '../database/session-settings.ts'
import type { Env } from '../env.ts'
import { createBarrier } from './barrier.ts'
import { PEER_CHANNEL, type PeerMessage, readPeerMessage, renderPeerMessage } from './peers.ts'
import { CHANNEL, type Revocation, readAnnouncement } from './protocol.ts'
import { requireTriggers } from './triggers.ts'

/** A connection that hears every revocation, from the moment it was opened until `lost` says why it no longer does. */
export type Listening = {
  /** Resolves when every revocation that was committed before the call has been handed on, and tells the other servers. */
  barrier: () => Promise<void>
  /** Resolves when all who listen have been told, this connection included. */
  say: (message: PeerMessage) => Promise<void>
  lost: Promise<unknown>
  end: () => void
}

type Parts = {
  env: Env
  /** Ends every connection that others have: they may lead to where nobody listens. */
  renewPools: () => void
  onRevocation: (revocation: Revocation) => void
  /** Undefined: one that cannot be read. */
  onPeerMessage: (message: PeerMessage | undefined) => void
  /** What this server tells of itself before it grants a lease. */
  signOfLife: PeerMessage
  timing?: Timing
}

/**
 * A response that takes longer ends the connection: it may be half open, and nothing else would show that. The probe
 * finds what a response cannot show: that nothing is heard here, behind a pooler or at a former primary, or that the
 * triggers which announce have been disabled. Until then, an end that was announced elsewhere goes unheard.
 */
export type Timing = { responseMs: number; probeEveryMs: number }
const TIMING: Timing = { responseMs: 2000, probeEveryMs: 2000 }

/** Opens, and proves itself once before anybody may rely on it. Never repaired: feed.ts opens another. */
export async function openListening(parts: Parts): Promise<Listening> {
  const connection = new Connection(parts)
  await connection.open()
  const { signOfLife } = parts
  return {
    barrier: () => connection.say(signOfLife),
    say: (message) => connection.say(message),
    lost: connection.lost,
    end: () => connection.end(),
  }
}

class Connection {
  readonly lost: Promise<unknown>
  /** One statement at a time, the next for all who wait: it takes along what they have to say. */
  readonly #pass: () => Promise<void>
  readonly #unsaid = new Set<string>()
  readonly #parts: Parts
  readonly #client: pg.Client
  readonly #unheard = new Set<string>()
  #lose: (reason: unknown) => void = () => undefined
  #heartbeat: NodeJS.Timeout | undefined
  #backend: number | undefined

  constructor(parts: Parts) {
    const { env, timing = TIMING } = parts
    this.#parts = parts
    this.#client = createClient(env, {
      application_name: 'auth-server-feed',
      connectionTimeoutMillis: env.DATABASE_CONNECT_TIMEOUT_MS,
      query_timeout: timing.responseMs,
    })
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
    this.#pass = createBarrier(() => this.#askBackend().catch((error: unknown) => this.#loseAndThrow(error)))
    this.#client.on('error', (error) => this.#lose(error))
    this.#client.on('end', () => this.#lose(new Error('the connection ended')))
    this.#client.on('notification', ({ channel, payload = '' }) => {
      if (channel === PEER_CHANNEL) this.#hearPeer(payload)
      else this.#hear(payload)
    })
  }

  async open(): Promise<void> {
    const { timing = TIMING, renewPools } = this.#parts
    try {
      await this.#client.connect()
      await requirePrimary(this.#client, PIN_NEWER)
      await this.#client.query(`LISTEN ${CHANNEL}; LISTEN ${PEER_CHANNEL}`)
      await this.#askBackend()
      await this.#probe()
    } catch (error) {
      this.end()
      throw error
    }
    // The probe went where DATABASE_URL leads now. What was connected before may have gone elsewhere.
    renewPools()
    this.#probeLater(timing)
    void this.lost.then((reason) => {
      this.end()
      if (!isOutOfRoom(reason)) renewPools()
    })
  }

  #probeLater(timing: Timing): void {
    this.#heartbeat = setTimeout(() => {
      void this.#probe().then(
        () => this.#probeLater(timing),
        (error: unknown) => this.#lose(error),
      )
    }, timing.probeEveryMs)
  }

  say(message: PeerMessage): Promise<void> {
    this.#unsaid.add(renderPeerMessage(this.#parts.env.AUTH_DB_SCHEMA, message))
    return this.#pass()
  }

  /** Abruptly where a query is under way: a connection that hangs would not let go otherwise. */
  end(): void {
    clearTimeout(this.#heartbeat)
    void this.#client.end().catch(() => undefined)
  }

  #hear(payload: string): void {
    const { env, onRevocation } = this.#parts
    const announced = readAnnouncement(payload, env.AUTH_DB_SCHEMA)
    if (announced.type === 'probe') this.#unheard.delete(announced.id)
    else if (announced.type !== 'foreign') onRevocation(announced)
  }

  #hearPeer(payload: string): void {
    const { env, onPeerMessage } = this.#parts
    const message = readPeerMessage(payload, env.AUTH_DB_SCHEMA)
    if (message !== 'foreign') onPeerMessage(message)
  }

  /** One round trip. Another process at the far end than last time has not heard what this one was to hear. */
  async #askBackend(): Promise<void> {
    const values = [PEER_CHANNEL, [...this.#unsaid]]
    this.#unsaid.clear()
    const { rows } = await this.#client.query<{ pid: number }>({ text: ASK, values })
    this.#backend ??= rows[0]?.pid
    if (rows[0]?.pid !== this.#backend) throw new NothingHeard()
  }

  /** Announces something the way new connections go. When it was sent and a barrier has passed, it must have come. */
  async #probe(): Promise<void> {
    const { env } = this.#parts
    const id = randomUUID()
    this.#unheard.add(id)
    try {
      await requireTriggers(this.#client, env)
      await this.#announce(JSON.stringify({ schema: env.AUTH_DB_SCHEMA, probe: id }))
      await this.#pass()
      if (this.#unheard.has(id)) throw new NothingHeard()
    } finally {
      this.#unheard.delete(id)
    }
  }

  /** Over a connection of its own: those of a pool stay at a former primary for as long as it lives. */
  async #announce(payload: string): Promise<void> {
    const { env, timing = TIMING } = this.#parts
    const client = new pg.Client({
      ...connectionOptions(env, 'DATABASE_URL', env.DATABASE_URL),
      application_name: 'auth-server-probe',
      connectionTimeoutMillis: env.DATABASE_CONNECT_TIMEOUT_MS,
      query_timeout: timing.responseMs,
    })
    client.on('error', () => undefined) // the query tells
    try {
      await client.connect()
      await client.query('SELECT pg_catalog.pg_notify($1, $2)', [CHANNEL, payload]) // a standby refuses it
    } finally {
      void client.end().catch(() => undefined)
    }
  }

  #loseAndThrow(error: unknown): never {
    this.#lose(error)
    throw error
  }
}

/** No room for one more connection: those that there are lead where they led. */
const isOutOfRoom = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('53')

/** Ping barrier and sign of life in one: what is said is delivered here too, after everything committed before. */
const ASK = `SELECT pg_catalog.pg_backend_pid() AS pid,
  (SELECT pg_catalog.count(pg_catalog.pg_notify($1, said)) FROM pg_catalog.unnest($2::pg_catalog.text[]) AS said)`

/** Not an outage: DATABASE_URL_DIRECT leads through a pooler, or elsewhere than DATABASE_URL. */
class NothingHeard extends Error {
  constructor() {
    super(
      'DATABASE_URL_DIRECT must lead to the same primary as DATABASE_URL, and not through a pooler: a notification did not arrive',
    )
    this.name = new.target.name
  }
}
