import { randomBytes } from 'node:crypto'
import pg, { escapeIdentifier } from 'pg'
import { connectionOptions } from '../database/pools.ts'
import { DatabaseTaskFailed } from '../database/task.ts'
import { parseDatabaseUrl } from '../database/url.ts'
import type { Env } from '../env.ts'
import { dumpAndRestore, usableProgram } from './programs.ts'

export type Copy = { name: string; how: string; env: Env; admin: pg.Client }

type Wanted = { env: Env; signal: AbortSignal; endsConnections: boolean }

/**
 * Makes a copy of the database, gives it to `work`, and drops it, however that ends. Aborting drops it at once, which
 * ends what works on it. Nothing is dropped that this run did not create.
 */
export async function withCopy<T>(
  { env, signal, endsConnections }: Wanted,
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  // DATABASE_URL may have the name that a pooler gives it.
  const source = parseDatabaseUrl('DATABASE_URL_DIRECT', env.DATABASE_URL_DIRECT).address.database ?? ''
  const name = copyName(source, randomBytes(4).toString('hex'))
  const beside = databaseBeside(env, source)
  const [admin, dropper] = [await connect(env, beside), await connect(env, beside)]
  let isCreated = false
  const drop = async () => {
    if (isCreated) await dropper.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
  }
  const onCreated = () => {
    isCreated = true
  }
  const onAbort = () => void drop().catch(() => undefined)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    const how = await copyDatabase({ env, admin, ender: dropper, source, name, signal, endsConnections, onCreated })
    // Nothing interrupts CREATE DATABASE, so the copy may be there only now.
    signal.throwIfAborted()
    return await work({ name, how, env: envOf(env, name), admin: await connect(env, name) })
  } finally {
    signal.removeEventListener('abort', onAbort)
    await drop()
    await Promise.all([admin.end(), dropper.end()])
  }
}

const HEAD_BYTES = 40

/** PostgreSQL silently cuts a name to 63 bytes: what is left of a longer one may be the name of the source. */
export function copyName(source: string, suffix: string): string {
  let head = ''
  for (const character of source) {
    if (Buffer.byteLength(head + character) > HEAD_BYTES) break
    head += character
  }
  const name = `${head}_rehearsal_${suffix}`
  if (name === source) throw new DatabaseTaskFailed('The copy would have the name of the database. Try again.')
  return name
}

/** Never the source: a connection to it would keep PostgreSQL from copying it, and --end-connections would end it. */
function databaseBeside(env: Env, source: string): string {
  const { database = '' } = parseDatabaseUrl('DATABASE_ADMIN_URL', env.DATABASE_ADMIN_URL ?? '').address
  if (database !== source) return database
  return source === 'postgres' ? 'template1' : 'postgres' // initdb makes both
}

async function connect(env: Env, database: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionOptions(env, 'DATABASE_ADMIN_URL', env.DATABASE_ADMIN_URL ?? ''),
    database,
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined) // dropped with the copy
  await client.connect()
  return client
}

function envOf(env: Env, database: string): Env {
  const at = (address: string) => {
    const url = new URL(address)
    url.pathname = `/${encodeURIComponent(database)}`
    url.searchParams.delete('dbname')
    return url.href
  }
  // One address for all: nothing of a rehearsal goes through a pooler, which does not know the copy.
  const direct = at(env.DATABASE_URL_DIRECT)
  return { ...env, DATABASE_URL: direct, DATABASE_URL_DIRECT: direct, DATABASE_POOLER: 'none' }
}

type Parts = Wanted & { admin: pg.Client; ender: pg.Client; source: string; name: string; onCreated: () => void }

/** @returns how it was made, for people. */
async function copyDatabase(parts: Parts): Promise<string> {
  const { env, admin, ender, source, name, signal, endsConnections, onCreated } = parts
  const program = await usableProgram(admin)
  const owner = `(SELECT pg_catalog.pg_get_userbyid(datdba) AS "owner" FROM pg_catalog.pg_database WHERE datname = $1)`
  const { rows } = await admin.query<{ owner: string }>(owner.slice(1, -1), [source])
  const target = escapeIdentifier(name)
  if (program.isUsable) {
    const empty = `CREATE DATABASE ${target} OWNER ${escapeIdentifier(rows[0]?.owner ?? '')} TEMPLATE template0`
    await admin.query(empty).catch(rethrow)
    onCreated()
    await dumpAndRestore({ env, source, target: name, signal })
    return `by pg_dump ${program.version}`
  }
  const create = admin.query(
    `CREATE DATABASE ${target} OWNER ${escapeIdentifier(rows[0]?.owner ?? '')} TEMPLATE ${escapeIdentifier(source)}`,
  )
  try {
    if (endsConnections) await endConnections(ender, source, create)
    await create
    onCreated()
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '55006')
      throw new DatabaseTaskFailed(inUse(program.why), error)
    rethrow(error)
  }
  return 'as a template'
}

function rethrow(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '42501') throw new DatabaseTaskFailed(MAY_NOT, error)
  throw error
}

const MAY_NOT =
  'The role of DATABASE_ADMIN_URL may not make the copy: it has to be a superuser, or to have CREATEDB and be a ' +
  'member of the role that owns the database.'

const inUse = (why: string) =>
  `The database is in use, so PostgreSQL does not copy it, and ${why}. Install it; or stop the services; ` +
  'or say --end-connections: connections are ended, and new ones wait until the copy is made.'

/** CREATE DATABASE keeps new connections waiting, and waits itself for those that are there. */
async function endConnections(ender: pg.Client, source: string, until: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  until.then(done, done)
  while (!isDone) {
    await ender.query(
      'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()',
      [source],
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
