import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { unpinnedOptions } from '../../database/pools.ts'
import type { Env } from '../../env.ts'
import { type Examined, type Found, shell, subject } from '../finding.ts'
import { connect, LIMITS } from '../reader.ts'
import { reasonIn } from '../reason.ts'

export const POOLER = subject({
  title: 'Pooler',
  good: 'connections are ours alone, or DATABASE_POOLER says that they are not',
  kinds: {
    'pool-unreachable': { severity: 'error', why: 'Nobody can sign in, and every check of a session is a 503.' },
    'pooler-statements': { severity: 'error', why: 'Without transactions nothing can be written.' },
    'pooler-undeclared': {
      severity: 'error',
      why: 'Settings and prepared statements of one request would be met by another.',
    },
    'pooler-needless': {
      severity: 'info',
      why: 'Session checks are prepared again each time, which costs the database more.',
    },
    'listen-unheard': {
      severity: 'error',
      why: 'The end of a session is announced by NOTIFY: services would hear nothing, and get no lease.',
    },
  },
  checks: [
    { name: 'mode', of: 'database', run: (_, examined) => mode(examined) },
    { name: 'notifications', of: 'database', run: (_, examined) => notifications(examined) },
  ],
})

type UrlName = 'DATABASE_URL' | 'DATABASE_URL_DIRECT'
type Mode = 'own' | 'shared' | 'statements' | 'refuses options' | Unreachable
type Unreachable = { reason: string }
const isUnreachable = (mode: Mode): mode is Unreachable => typeof mode === 'object'

async function mode({
  env,
}: Examined): Promise<Found<'pool-unreachable' | 'pooler-statements' | 'pooler-undeclared' | 'pooler-needless'>[]> {
  const found = await modeOf(env, 'DATABASE_URL')
  if (isUnreachable(found)) {
    if (env.DATABASE_URL === env.DATABASE_URL_DIRECT) return [] // it has no room for two more
    const what = `The database cannot be used with DATABASE_URL, and with DATABASE_URL_DIRECT it can: ${found.reason}.`
    return [
      {
        id: 'pool-unreachable',
        what,
        fix: [shell("export DATABASE_URL='postgres://ROLE:PASSWORD@HOST:5432/DATABASE'")],
      },
    ]
  }
  if (found === 'statements') {
    const fix = [
      shell("export DATABASE_URL='postgres://ROLE:PASSWORD@POOLER:6432/DATABASE'", {
        note: 'and pool_mode = transaction, or session, at the pooler',
      }),
    ]
    return [{ id: 'pooler-statements', what: 'DATABASE_URL leads through a pooler in statement mode.', fix }]
  }
  const isShared = found === 'shared' || found === 'refuses options'
  if (isShared && env.DATABASE_POOLER === 'none') {
    const how = found === 'shared' ? 'in transaction mode' : 'that refuses the settings of a connection'
    const what = `DATABASE_URL leads through a pooler ${how}, and DATABASE_POOLER does not say so.`
    return [
      {
        id: 'pooler-undeclared',
        what,
        fix: [
          shell('export DATABASE_POOLER=transaction', {
            note: 'and DATABASE_URL_DIRECT past the pooler; then auth-server migrate',
          }),
        ],
      },
    ]
  }
  if (found === 'own' && env.DATABASE_POOLER === 'transaction' && env.DATABASE_URL === env.DATABASE_URL_DIRECT) {
    const what = 'DATABASE_POOLER is transaction, and DATABASE_URL leads to the database itself.'
    return [{ id: 'pooler-needless', what, fix: [shell('export DATABASE_POOLER=none')] }]
  }
  return []
}

async function notifications({ env }: Examined): Promise<Found<'listen-unheard'>[]> {
  const fix = [
    shell("export DATABASE_URL_DIRECT='postgres://ROLE:PASSWORD@HOST:5432/DATABASE'", {
      note: 'the primary itself, past every pooler',
    }),
  ]
  const direct = await modeOf(env, 'DATABASE_URL_DIRECT')
  if (isUnreachable(direct) || isUnreachable(await modeOf(env, 'DATABASE_URL'))) return []
  if (direct === 'shared' || direct === 'statements') {
    return [
      {
        id: 'listen-unheard',
        what: 'DATABASE_URL_DIRECT (or DATABASE_URL, without it) leads through a pooler, where LISTEN is lost.',
        fix,
      },
    ]
  }
  if (await isHeard(env)) return []
  const what = 'What is announced over DATABASE_URL is not heard over DATABASE_URL_DIRECT: they lead to two databases.'
  return [{ id: 'listen-unheard', what, fix }]
}

/** Whether two connections that are open at once have one process of PostgreSQL behind them. */
async function modeOf(env: Env, name: UrlName): Promise<Mode> {
  const clients = [openUnpinned(env, name), openUnpinned(env, name)]
  try {
    for (const client of clients) await client.connect()
    const [one, other] = clients
    if (one === undefined || other === undefined) return { reason: 'no connection' }
    let isShared = false
    const first = await pidOf(one)
    // A pooler gives the connection that was used last; others may use it in between.
    for (let tries = 0; tries < 10 && !isShared; tries++)
      isShared = (await pidOf(other)) === (await pidOf(one)) || (await pidOf(one)) !== first
    if (isShared) return (await takesTransactions(one)) ? 'shared' : 'statements'
    return (await refusesOptions(env, name)) ? 'refuses options' : 'own'
  } catch (error) {
    return { reason: reasonIn(error) }
  } finally {
    for (const client of clients) void client.end().catch(() => undefined)
  }
}

function openUnpinned(env: Env, name: UrlName): pg.Client {
  const client = new pg.Client({ ...unpinnedOptions(env, name, env[name]), ...LIMITS })
  client.on('error', () => undefined) // the statement that waits rejects
  return client
}

/** As the server connects. pgbouncer refuses what it does not know of a start-up packet. */
async function refusesOptions(env: Env, name: UrlName): Promise<boolean> {
  try {
    await (await connect({ ...env, DATABASE_POOLER: 'none' }, name, env[name])).end()
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '08P01') return true
    throw error
  }
}

async function pidOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
  return rows[0]?.pid
}

async function takesTransactions(client: pg.Client): Promise<boolean> {
  try {
    await client.query('BEGIN READ ONLY')
    await client.query('ROLLBACK')
    return true
  } catch {
    return false
  }
}

/** A channel that nobody else knows, and that is gone with the connection. */
async function isHeard(env: Env): Promise<boolean> {
  const channel = `auth_sidecar_doctor_${randomBytes(8).toString('hex')}`
  const listener = openUnpinned(env, 'DATABASE_URL_DIRECT')
  const speaker = openUnpinned(env, 'DATABASE_URL')
  const heard = new Promise<boolean>((resolve) => {
    listener.on('notification', () => resolve(true))
  })
  try {
    await Promise.all([listener.connect(), speaker.connect()])
    await listener.query(`LISTEN ${channel}`)
    await speaker.query('SELECT pg_catalog.pg_notify($1, $2)', [channel, ''])
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, 1000, false).unref())
    // What was announced before the listener's next statement has come with its response.
    await listener.query('SELECT')
    return await Promise.race([heard, late])
  } finally {
    for (const client of [listener, speaker]) void client.end().catch(() => undefined)
  }
}
