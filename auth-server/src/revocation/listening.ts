import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { connectionOptions } from '../database/pools.ts'
import { pinNewerSettings } from '../database/session-settings.ts'
import type { Env } from '../env.ts'
import { createBarrier } from './barrier.ts'
import { CHANNEL, type Revocation, readAnnouncement } from './protocol.ts'
import { requireTriggers } from './triggers.ts'

/** A connection that hears every revocation, from the moment it was opened until `lost` says why it no longer does. */
export type Listening = {
  /** Resolves when every revocation that was committed before the call has been handed on. */
  barrier: () => Promise<void>
  lost: Promise<unknown>
  end: () => void
}

type Parts = {
  env: Env
  /** To DATABASE_URL, the way writes go: what is announced there must be heard here. */
  pool: pg.Pool
  onRevocation: (revocation: Revocation) => void
  timing?: Timing
}

/**
 * A response that takes longer ends the connection: it may be half open, and nothing else would show that. The probe
 * finds what a response cannot show: that nothing is heard here, behind a pooler or at a former primary, or that the
 * triggers which announce have been disabled.
 */
export type Timing = { responseMs: number; probeEveryMs: number }
const TIMING: Timing = { responseMs: 2000, probeEveryMs: 5000 }

/** Opens, and proves itself once before anybody may rely on it. Never repaired: feed.ts opens another. */
export async function openListening(parts: Parts): Promise<Listening> {
  const connection = new Connection(parts)
  await connection.open()
  return { barrier: connection.barrier, lost: connection.lost, end: () => connection.end() }
}

class Connection {
  readonly lost: Promise<unknown>
  readonly barrier: () => Promise<void>
  readonly #parts: Parts
  readonly #client: pg.Client
  readonly #unheard = new Set<string>()
  #lose: (reason: unknown) => void = () => undefined
  #heartbeat: NodeJS.Timeout | undefined
  #backend: number | undefined

  constructor(parts: Parts) {
    const { env, timing = TIMING } = parts
    this.#parts = parts
    this.#client = new pg.Client({
      ...connectionOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT),
      application_name: 'auth-server-feed',
      connectionTimeoutMillis: env.DATABASE_CONNECT_TIMEOUT_MS,
      query_timeout: timing.responseMs,
    })
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
    this.barrier = createBarrier(() => this.#askBackend().catch((error: unknown) => this.#loseAndThrow(error)))
    this.#client.on('error', (error) => this.#lose(error))
    this.#client.on('end', () => this.#lose(new Error('the connection ended')))
    this.#client.on('notification', ({ payload = '' }) => this.#hear(payload))
  }

  async open(): Promise<void> {
    const { timing = TIMING } = this.#parts
    try {
      await this.#client.connect()
      await pinNewerSettings(this.#client)
      await this.#client.query(`LISTEN ${CHANNEL}`)
      await this.#askBackend()
      await this.#probe()
    } catch (error) {
      this.end()
      throw error
    }
    this.#heartbeat = setInterval(() => void this.#probe().catch(() => undefined), timing.probeEveryMs)
    void this.lost.then(() => this.end())
  }

  /** Abruptly where a query is under way: a connection that hangs would not let go otherwise. */
  end(): void {
    clearInterval(this.#heartbeat)
    void this.#client.end().catch(() => undefined)
  }

  #hear(payload: string): void {
    const { env, onRevocation } = this.#parts
    const announced = readAnnouncement(payload, env.AUTH_DB_SCHEMA)
    if (announced.type === 'probe') this.#unheard.delete(announced.id)
    else if (announced.type !== 'foreign') onRevocation(announced)
  }

  /** One round trip. Another process at the far end than last time has not heard what this one was to hear. */
  async #askBackend(): Promise<void> {
    const { rows } = await this.#client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    this.#backend ??= rows[0]?.pid
    if (rows[0]?.pid !== this.#backend) throw new NothingHeard()
  }

  /** Announces something the way writes go. When it was sent and a barrier has passed, it must have come. */
  async #probe(): Promise<void> {
    const { env, pool } = this.#parts
    const id = randomUUID()
    this.#unheard.add(id)
    try {
      await requireTriggers(this.#client, env).catch((error: unknown) => this.#loseAndThrow(error))
      await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ schema: env.AUTH_DB_SCHEMA, probe: id })])
      await this.barrier()
      if (this.#unheard.has(id)) this.#loseAndThrow(new NothingHeard())
    } finally {
      this.#unheard.delete(id)
    }
  }

  #loseAndThrow(error: unknown): never {
    this.#lose(error)
    throw error
  }
}

/** Not an outage: DATABASE_URL_DIRECT leads through a pooler, or elsewhere than DATABASE_URL. */
class NothingHeard extends Error {
  constructor() {
    super(
      'DATABASE_URL_DIRECT must lead to the same primary as DATABASE_URL, and not through a pooler: a notification did not arrive',
    )
    this.name = new.target.name
  }
}
