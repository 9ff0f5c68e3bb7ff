import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { NewEvent, Origin } from './events.ts'
import { AUDIT_TABLE } from './table.ts'

type AuditRow = {
  type: string
  userId: string | null
  actorId: string | null
  sessionId: string | null
  ipAddress: string | null
  userAgent: string | null
  requestId: string | null
  details: object | null
}

/** All of a row but its id and time. What is null is unknown, or of nobody. */
export function rowOf(event: NewEvent, origin: Origin | undefined): AuditRow {
  const { type, userId, actorId, sessionId, details } = event
  return {
    type,
    userId,
    actorId: actorId === userId ? null : (actorId ?? null),
    sessionId: sessionId ?? null,
    ipAddress: origin?.ipAddress ?? null,
    userAgent: origin?.userAgent ?? null,
    requestId: origin?.requestId ?? null,
    details: details ?? null,
  }
}

type AuditEnv = Pick<Env, 'AUTH_DB_SCHEMA'>

/** To the millisecond, as better-auth writes times: a cursor has no more. */
const NOW = `date_trunc('milliseconds', now())`
const COLUMNS = `"type", "userId", "actorId", "sessionId", "ipAddress", "userAgent", "requestId", "details", "createdAt"`

/** For statements of our own, in the transaction of what they record. */
export function insertEvent(env: AuditEnv) {
  const text = `
    INSERT INTO ${tableName(env, AUDIT_TABLE)} (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${NOW})`
  return (event: NewEvent, origin: Origin | undefined) => {
    const { type, userId, actorId, sessionId, ipAddress, userAgent, requestId, details } = rowOf(event, origin)
    return { text, values: [type, userId, actorId, sessionId, ipAddress, userAgent, requestId, details] }
  }
}

/** A statement that deletes sessions by two parameters, and records how many of them it ended; nothing if none. */
export function insertEnds(env: AuditEnv, deletion: string) {
  const text = `
    WITH ended AS (${deletion} RETURNING 1)
    INSERT INTO ${tableName(env, AUDIT_TABLE)} (${COLUMNS})
    SELECT 'session-revoked', $3, $4, NULL, $5, $6, $7, jsonb_build_object('count', c."count"), ${NOW}
      FROM (SELECT count(*) AS "count" FROM ended) c WHERE c."count" > 0`
  return (which: [unknown, unknown], by: Pick<NewEvent, 'userId' | 'actorId'>, origin: Origin | undefined) => {
    const { userId, actorId, ipAddress, userAgent, requestId } = rowOf({ type: 'session-revoked', ...by }, origin)
    return { text, values: [...which, userId, actorId, ipAddress, userAgent, requestId] }
  }
}
