import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pool, PoolClient, QueryResult } from 'pg'
import { isDatabaseUnavailable } from '../database/unavailable.ts'
import { isBlocked, nameBlocker } from './blocked-deletion.ts'

/** What really happened while better-auth worked on one request: its own answers do not tell. */
export type Observed = {
  /** The database did not answer. better-auth turns this into 401 on some routes and into `null` on others. */
  databaseFault?: unknown
  /** The database refused a value the caller sent: SQLSTATE class 22, data exception. */
  refusedValue?: unknown
  /** The table whose unique constraint was hit: two requests raced. */
  duplicateIn?: string
  /** The hash that the caller's password was found to belong to. */
  verifiedHash?: string
  /** What better-auth would only have printed. */
  unexpected?: unknown
  /** Something was sent to the database that may have ended a session, or changed what a session check answers. */
  mayEndSessions?: boolean
  /** The database refused to do that. better-auth's sign-out says "done" all the same. */
  refusedEnd?: unknown
  /** How many sessions were deleted, before any rollback. */
  endedSessions?: number
  /** The user all of whose sessions were to end. */
  endedFor?: string
  /** A foreign key or a trigger of somebody else's table kept a user from being deleted. */
  blockedDeletion?: unknown
  /** A user was to be deleted: what the database says next, at the commit at the latest, is about that. */
  isDeletingUser?: boolean
  /** The session that was presented belongs to a banned user. */
  isBanned?: boolean
}

export type Observation = ReturnType<typeof createObservation>

export function createObservation() {
  const requests = new AsyncLocalStorage<Observed>()

  /** Runs one request's work. It does not reject: what was thrown is in `observed.unexpected`. */
  async function observe<T>(work: () => Promise<T>): Promise<{ answer: T | undefined; observed: Observed }> {
    const observed: Observed = {}
    try {
      return { answer: await requests.run(observed, work), observed }
    } catch (error) {
      noteDatabase(error, observed)
      observed.unexpected = error
      return { answer: undefined, observed }
    }
  }

  /** False outside of a request: then nobody will read it. */
  function noteUnexpected(error: unknown): boolean {
    const observed = requests.getStore()
    if (observed) observed.unexpected ??= error
    return observed !== undefined
  }

  function noteBanned(): void {
    const observed = requests.getStore()
    if (observed) observed.isBanned = true
  }

  function noteVerified(hash: string): void {
    const observed = requests.getStore()
    if (observed) observed.verifiedHash = hash
  }

  function noteEndedFor(userId: string): void {
    const observed = requests.getStore()
    if (observed) observed.endedFor = userId
  }

  const endedFor = () => requests.getStore()?.endedFor
  const verifiedHash = () => requests.getStore()?.verifiedHash

  /** The same pool, telling of every write and every failure of a query sent through it by Kysely: connect(), query(), release(). */
  function watch(pool: Pool): Pool {
    const noteAndThrow = (error: unknown): never => {
      noteDatabase(error, requests.getStore())
      throw error
    }
    const noteSent = (sql: string) => {
      const observed = requests.getStore()
      if (observed && mayEndSessions(sql)) observed.mayEndSessions = true
      if (observed && DELETE_USER.test(sql)) observed.isDeletingUser = true
    }
    const noteRefused = (sql: string, error: unknown) => {
      const observed = requests.getStore()
      if (observed && (mayEndSessions(sql) || COMMIT.test(sql))) observed.refusedEnd ??= error
      if (observed?.isDeletingUser && isBlocked(error)) observed.blockedDeletion ??= nameBlocker(error)
      return noteAndThrow(error)
    }
    const noteDone = (sql: string, { rowCount }: QueryResult) => {
      const observed = requests.getStore()
      if (observed && DELETE_SESSION.test(sql)) observed.endedSessions = (observed.endedSessions ?? 0) + (rowCount ?? 0)
    }
    const connect = async () =>
      watchClient(await pool.connect().catch(noteAndThrow), { noteSent, noteDone, noteRefused })
    return Object.assign(Object.create(pool), { connect })
  }

  return { observe, watch, noteUnexpected, noteBanned, noteVerified, noteEndedFor, endedFor, verifiedHash }
}

type Notes = {
  noteSent: (sql: string) => void
  noteDone: (sql: string, result: QueryResult) => void
  noteRefused: (sql: string, error: unknown) => never
}

function watchClient(client: PoolClient, { noteSent, noteDone, noteRefused }: Notes): PoolClient {
  return Object.assign(Object.create(client), {
    // Noted before it is sent: a connection that dies says nothing about whether it was done.
    query: async (sql: string, parameters: unknown[]) => {
      noteSent(sql)
      const result = await client.query(sql, parameters).catch((error: unknown) => noteRefused(sql, error))
      noteDone(sql, result)
      return result
    },
    release: () => client.release(),
  })
}

/** Tables of better-auth's that no session check reads. One that a plugin brings is taken for one that is read. */
const UNRELATED = new Set(['account', 'verification', 'rateLimit'])
const COMMIT = /^\s*commit\b/i
const WRITE = /^\s*(?:update|delete\s+from)\s+(?:"(?:[^"]|"")+"\.)?"([^"]+)"/i

const DELETE_SESSION = /^\s*delete\s+from\s+(?:"(?:[^"]|"")+"\.)?"session"/i
const DELETE_USER = /^\s*delete\s+from\s+(?:"(?:[^"]|"")+"\.)?"user"/i

/** Of Kysely's statements. An insert ends nothing. */
export function mayEndSessions(sql: string): boolean {
  if (!/^\s*(?:update|delete|with|merge|truncate)\b/i.test(sql)) return false
  const [, table] = WRITE.exec(sql) ?? []
  return table === undefined || !UNRELATED.has(table)
}

function noteDatabase(error: unknown, observed: Observed | undefined): void {
  if (observed === undefined || !(error instanceof Error)) return
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (isDatabaseUnavailable(error)) observed.databaseFault ??= error
  else if (code.startsWith('22')) observed.refusedValue ??= error
  else if (code === '23505' && 'table' in error) observed.duplicateIn = String(error.table)
}
