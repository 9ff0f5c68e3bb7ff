import pg from 'pg'
import { Gauge, type Registry } from 'prom-client'
import type { Env } from '../env.ts'
import { type Log, outsideOfRequests } from '../log.ts'
import { clientClass, type NamedEnv } from './naming/client.ts'
import { type OnPrimary, requirePrimary } from './primary.ts'
import { onReadOnly, RenewablePool } from './renewable-pool.ts'
import { PIN_NEWER, STARTUP_OPTIONS } from './session-settings.ts'
import { logSlowQueries } from './slow-queries.ts'
import { tlsOptions } from './tls.ts'
import { parseDatabaseUrl } from './url.ts'

/** Session checks have connections of their own, so that a burst of sign-ins cannot make everybody wait. */
export type Pools = {
  auth: pg.Pool
  sessions: pg.Pool
  /** Every connection that is open, or being opened, is used no more: where they lead may be no primary any longer. */
  renew(): void
  end(): Promise<void>
}

/** Connects when first used: a database that is unavailable, at the start or later, fails requests, not the process. */
export function createPools(env: Env, log: Log, onPrimary: OnPrimary = async () => undefined): Pools {
  const auth = createPool(env, log, { pool: 'auth', max: env.DATABASE_POOL_MAX, onPrimary })
  const sessions = createPool(env, log, { pool: 'sessions', max: env.SESSION_POOL_MAX, onPrimary })
  const renew = () => {
    auth.renew()
    sessions.renew()
  }
  onReadOnly([auth, sessions], renew)
  return {
    auth,
    sessions,
    renew,
    end: async () => {
      await Promise.all([auth.end(), sessions.end()])
    },
  }
}

type ConnectionEnv = Pick<Env, 'DATABASE_CA_FILE' | 'DATABASE_POOLER' | 'DATABASE_URL'>

/** One connection of its own, to DATABASE_URL_DIRECT. */
export function createClient(
  env: ConnectionEnv & NamedEnv & Pick<Env, 'DATABASE_URL_DIRECT'>,
  options: pg.ClientConfig = { connectionTimeoutMillis: 10_000 },
): pg.Client {
  const Client = clientClass(env)
  return new Client({ ...connectionOptions(env, 'DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT), ...options })
}

/** One connection's options: where to, how encrypted, and with which settings. Throws ConfigurationError. */
export function connectionOptions(env: ConnectionEnv, name: string, url: string): pg.ClientConfig {
  const given = unpinnedOptions(env, name, url)
  // Ours come last, so they win. A pooler in transaction mode refuses them: see pinRole.
  const options = [given.options, isPooled(env, url) ? undefined : STARTUP_OPTIONS].filter(Boolean).join(' ')
  return { ...given, ...(options && { options }) }
}

/** With the settings that the database and the role give to everybody: only to look at them. */
export function unpinnedOptions(env: Pick<Env, 'DATABASE_CA_FILE'>, name: string, url: string): pg.ClientConfig {
  const { address, parameters } = parseDatabaseUrl(name, url)
  const options = parameters.get('options') // Neon finds the database by it
  return {
    ...address,
    ssl: tlsOptions({ name, parameters, caFile: env.DATABASE_CA_FILE }),
    application_name: parameters.get('application_name') ?? 'auth-server',
    ...(options && { options }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}

const isPooled = (env: ConnectionEnv, url: string) => env.DATABASE_POOLER === 'transaction' && url === env.DATABASE_URL

/** Longer than the server's own limit, which leaves the connection usable; this one is for a server that hangs. */
const CLIENT_TIMEOUT_MARGIN_MS = 500
/** A connection to a former primary ends after this long at the latest, also when nothing else reveals the failover. */
const MAX_LIFETIME_SECONDS = 600

type PoolParts = { pool: string; max: number; onPrimary: OnPrimary }

function createPool(env: Env, log: Log, { pool: name, max, onPrimary }: PoolParts) {
  const options: pg.PoolConfig = {
    ...connectionOptions(env, 'DATABASE_URL', env.DATABASE_URL),
    max,
    connectionTimeoutMillis: env.DATABASE_CONNECT_TIMEOUT_MS,
    query_timeout: env.DATABASE_STATEMENT_TIMEOUT_MS + CLIENT_TIMEOUT_MARGIN_MS,
    idleTimeoutMillis: env.DATABASE_IDLE_TIMEOUT_MS,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    types: { getTypeParser },
    ...serverTimeouts(env),
    onConnect: async (client) => {
      const timeline = await requirePrimary(client, env.DATABASE_POOLER === 'none' ? PIN_NEWER : [])
      if (timeline !== null) await onPrimary(client, timeline)
    },
  }
  const pool = new RenewablePool(options, clientClass(env))
  surviveLosses(pool, name, log)
  logSlowQueries(pool, { slowMs: env.DATABASE_SLOW_QUERY_MS, name, log })
  pool.on('release', (_error, client) => dropIfStuck(client))
  return pool
}

/**
 * bigint as a number: better-auth adds milliseconds to rateLimit.lastRequest, and pg's text would be joined to them,
 * which would block an address for five million years. No bigint here comes near 2^53.
 */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)

/** An error event that nobody listens to ends the process: one lost connection must not. */
export function surviveLosses(pool: pg.Pool, name: string, log: Log): void {
  // Made by some request long ago.
  pool.on('error', (err) =>
    outsideOfRequests(() => log.warn({ err, pool: name }, 'an idle database connection was lost')),
  )
  // In use, between two statements of a transaction: the next statement tells its caller.
  pool.on('connect', (client) => client.on('error', () => undefined))
}

/** Startup parameters, which PgBouncer in transaction mode refuses: there the client's own timeout stands alone. */
function serverTimeouts(env: Env): Pick<pg.ClientConfig, 'statement_timeout' | 'idle_in_transaction_session_timeout'> {
  if (env.DATABASE_POOLER === 'transaction') return {}
  return { statement_timeout: env.DATABASE_STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: 30_000 }
}

/**
 * A query that timed out on our side is still being waited for on its connection. Kysely returns such a connection to
 * the pool as if it were well, and every later user of it would time out too. The pool drops what has begun to end.
 */
function dropIfStuck(client: pg.PoolClient): void {
  const { readyForQuery } = client as unknown as { readyForQuery: boolean }
  if (!readyForQuery) void (client as unknown as pg.Client).end()
}

/** Read when asked for, not counted along: the pools know their numbers. */
export function observePools(registry: Registry, { auth, sessions }: Pick<Pools, 'auth' | 'sessions'>): void {
  const gauge = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections by pool and state, and requests waiting for one.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect: () => {
      show('auth', auth)
      show('sessions', sessions)
    },
  })

  function show(name: string, pool: pg.Pool): void {
    gauge.set({ pool: name, state: 'idle' }, pool.idleCount)
    gauge.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount)
    gauge.set({ pool: name, state: 'waiting' }, pool.waitingCount)
  }
}
