import type { QueryConfig } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Position } from './cursor.ts'
import type { EventType } from './events.ts'
import { AUDIT_TABLE } from './table.ts'

/** A row as JSON of the database. */
export type AuditEvent = {
  id: string
  /** A newer version may have recorded others than this one knows. */
  type: string
  userId: string | null
  actorId: string | null
  sessionId: string | null
  ipAddress: string | null
  userAgent: string | null
  requestId: string | null
  details: Record<string, unknown> | null
  createdAt: Date
}

/** What is asked for; what is left out does not restrict. `from` is included, `to` is not. */
export type Filter = {
  userId?: string | undefined
  type?: EventType | undefined
  from?: Date | undefined
  to?: Date | undefined
  before?: Position | undefined
}

/** Newest first, one more than a page holds if there are more. */
export function selectEvents(env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const table = tableName(env, AUDIT_TABLE)

  return (filter: Filter, limit: number): QueryConfig => {
    const values: unknown[] = []
    const parameter = (value: unknown) => `$${values.push(value)}`
    const { userId, type, from, to, before } = filter
    const conditions = [
      ...(userId === undefined ? [] : [`"userId" = ${parameter(userId)}`]),
      ...(type === undefined ? [] : [`"type" = ${parameter(type)}`]),
      ...(from === undefined ? [] : [`"createdAt" >= ${parameter(from)}`]),
      ...(to === undefined ? [] : [`"createdAt" < ${parameter(to)}`]),
      ...(before === undefined
        ? []
        : [`("createdAt", "id") < (${parameter(before.createdAt)}, ${parameter(before.id)})`]),
    ]
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const text = `
      SELECT "id", "type", "userId", "actorId", "sessionId", "ipAddress", "userAgent", "requestId", "details", "createdAt"
        FROM ${table} ${where}
       ORDER BY "createdAt" DESC, "id" DESC LIMIT ${parameter(limit + 1)}`
    return { text, values }
  }
}
