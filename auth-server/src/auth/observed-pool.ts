import type { Pool, PoolClient, QueryResult } from 'pg'
import { isBlocked, nameBlocker } from './blocked-deletion.ts'
import { noteError, type Observation, type Observed } from './observation.ts'

/** The same pool, noting every write and every error of what Kysely sends through it: connect(), query(), release(). */
export function observePool(pool: Pool, observation: Observation): Pool {
  const connect = async () => {
    const client = await pool.connect().catch((error: unknown) => rethrow(error, observation.current))
    return observeClient(client, observation)
  }
  return Object.assign(Object.create(pool), { connect })
}

function observeClient(client: PoolClient, observation: Observation): PoolClient {
  return Object.assign(Object.create(client), {
    query: async (sql: string, parameters: unknown[]) => {
      const observed = observation.current
      // Before it is sent: a connection that dies says nothing about whether it was done.
      if (observed) noteSent(sql, observed)
      const result = await client.query(sql, parameters).catch((error: unknown) => {
        if (observed) noteRefused(sql, error, observed)
        return rethrow(error, observed)
      })
      if (observed) noteDone(sql, result, observed)
      return result
    },
    release: () => client.release(),
  })
}

function noteSent(sql: string, observed: Observed): void {
  if (mayEndSessions(sql)) observed.mayEndSessions = true
  if (DELETE_USER.test(sql)) observed.isDeletingUser = true
}

function noteDone(sql: string, { rowCount }: QueryResult, observed: Observed): void {
  if (DELETE_SESSION.test(sql)) observed.endedSessions = (observed.endedSessions ?? 0) + (rowCount ?? 0)
}

function noteRefused(sql: string, error: unknown, observed: Observed): void {
  if (mayEndSessions(sql) || COMMIT.test(sql)) observed.refusedEnd ??= error
  if (observed.isDeletingUser && isBlocked(error)) observed.blockedDeletion ??= nameBlocker(error)
}

function rethrow(error: unknown, observed: Observed | undefined): never {
  if (observed) noteError(error, observed)
  throw error
}

/** Tables that no session check reads. One that a plugin brings is taken for one that is read. */
const UNRELATED = new Set([
  'account',
  'verification',
  'rateLimit',
  'mailOutbox',
  'twoFactor',
  'trustedDevice',
  'passkey',
])
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
