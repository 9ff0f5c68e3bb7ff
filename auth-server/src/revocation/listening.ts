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
 * An answer that takes longer ends the connection: it may be half open, and nothing else would show that. The probe
 * finds what an answer cannot show: that nothing is heard here, behind a pooler or at a former primary, or that the
 * triggers which announce have been disabled.
 */
export type Timing = { answerMs: number; probeEveryMs: number }
const TIMING: Timing = { answerMs: 2000, probeEveryMs: 5000 }

/** Opens, and proves itself once before anybody may rely on it. Never mended: feed.ts opens another. */
export async function openListening({ env, pool, onRevocation, timing = TIMING }: Parts): Promise<Listening> {
  const client = new pg.Client({
    ...connectionOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT),
    application_name: 'auth-server-feed',
    connectionTimeoutMillis: env.DATABASE_CONNECT_TIMEOUT_MS,
    query_timeout: timing.answerMs,
  })
  const unheard = new Set<string>()
  let heartbeat: NodeJS.Timeout | undefined
  let backend: number | undefined
  let lose: (reason: unknown) => void = () => undefined
  const lost = new Promise<unknown>((resolve) => {
    lose = resolve
  })
  const barrier = createBarrier(() => askBackend().catch(loseAndThrow))
  client.on('error', lose)
  client.on('end', () => lose(new Error('the connection ended')))
  client.on('notification', ({ payload = '' }) => {
    const announced = readAnnouncement(payload, env.AUTH_DB_SCHEMA)
    if (announced.type === 'probe') unheard.delete(announced.id)
    else if (announced.type !== 'foreign') onRevocation(announced)
  })

  try {
    await client.connect()
    await pinNewerSettings(client)
    await client.query(`LISTEN ${CHANNEL}`)
    await askBackend()
    await probe()
  } catch (error) {
    end()
    throw error
  }
  heartbeat = setInterval(() => void probe().catch(() => undefined), timing.probeEveryMs)
  void lost.then(end)
  return { barrier, lost, end }

  /** One round trip. Another process at the far end than last time has not heard what this one was to hear. */
  async function askBackend(): Promise<void> {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    backend ??= rows[0]?.pid
    if (rows[0]?.pid !== backend) throw new NothingHeard()
  }

  /** Announces something the way writes go. When it was sent and a barrier has passed, it must have come. */
  async function probe(): Promise<void> {
    const id = randomUUID()
    unheard.add(id)
    try {
      const payload = JSON.stringify({ schema: env.AUTH_DB_SCHEMA, probe: id })
      await requireTriggers(client, env).catch(loseAndThrow)
      await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, payload])
      await barrier()
      if (unheard.has(id)) loseAndThrow(new NothingHeard())
    } finally {
      unheard.delete(id)
    }
  }

  function loseAndThrow(error: unknown): never {
    lose(error)
    throw error
  }

  /** Abruptly where a query is under way: a connection that hangs would not let go otherwise. */
  function end(): void {
    clearInterval(heartbeat)
    void client.end().catch(() => undefined)
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
