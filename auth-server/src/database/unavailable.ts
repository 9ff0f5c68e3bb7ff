import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { HttpError } from '../errors.ts'

/**
 * Runs a read, again when its connection turned out dead: a pool learns of that only by using it, and a restart of the
 * database should cost nobody a 503. Never for writes. Throws DATABASE_UNAVAILABLE.
 */
export async function read<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  // Every dead connection leaves the pool, so after as many as it can hold the next one is new.
  for (let left = pool.options.max; ; left--) {
    try {
      return await pool.query<Row>(query)
    } catch (error) {
      if (left > 0 && isConnectionLost(error)) continue
      throw isDatabaseUnavailable(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
    }
  }
}

/** Runs a write, once. Throws DATABASE_UNAVAILABLE: then nobody knows whether it was done. */
export async function write<Row extends QueryResultRow>(pool: Pool, query: QueryConfig): Promise<QueryResult<Row>> {
  return pool.query<Row>(query).catch((error: unknown) => {
    throw isDatabaseUnavailable(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
  })
}

/**
 * Tells "don't know" from "no": an error of the database, or of the way to it, says nothing about who is asking, so the
 * response must be 503. What is left (constraint violations, bad input) is a result, or a bug of ours.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return matches(error, (code, message) => isUnavailableState(code) || isBrokenWay(code) || isDriverError(message))
}

/**
 * The connection was dead already or died under the query: another one may well work. Only for reads.
 * Looks at the error itself: inside "connection timeout" pg wraps "terminated", and that is not worth a second wait.
 */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && (LOST_CODES.test(codeOf(error)) || LOST_MESSAGES.test(error.message))
}

/** SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNAVAILABLE_STATES = [
  /^08/, // connection exceptions
  /^5[34]/, // out of connections, memory, disk; limits, such as a notification queue that is full
  /^57/, // shutdown, terminated, cancelled by a timeout
  /^58/, // system errors
  /^XX/, // internal errors, corrupted data
  /^28/, // wrong password, pg_hba.conf
  /^(25006|40001|40P01|55P03|25P0[34])$/, // read-only (a standby after failover), conflicts, timeouts of locks and sessions
  /^(3D000|3F000|42P01|42703|42501)$/, // database, schema, table, column, right is missing: half migrated or misconfigured
  /^(26000|42P05|0A000)$/, // prepared statements confused by a pooler, or outdated by a migration
]

/** System, DNS and TLS errors of Node carry names for codes: ECONNREFUSED, EAI_AGAIN, CERT_HAS_EXPIRED. */
const BROKEN_WAY =
  /^(E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_|ADDR|MFILE|NFILE|NOENT|ACCES|PROTO)|ERR_(TLS|SSL|OSSL|SOCKET)|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA)/

/** pg and pg-pool throw these as plain errors, without a code. */
const DRIVER_ERRORS =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Query read timeout|timeout exceeded when trying to connect|timeout expired|The server does not support SSL|There was an error establishing an SSL|Cannot use a pool after calling end|SASL: |SCRAM|SERVER-(FIRST|FINAL)-MESSAGE)/

const LOST_CODES = /^(ECONNRESET|EPIPE|57P0[12]|08003|08006|26000|42P05|0A000)$/
const LOST_MESSAGES = /^(Connection terminated( unexpectedly)?$|Client has encountered a connection error)/

const isUnavailableState = (code: string) =>
  code.length === 5 && UNAVAILABLE_STATES.some((pattern) => pattern.test(code))
const isBrokenWay = (code: string) => BROKEN_WAY.test(code)
const isDriverError = (message: string) => DRIVER_ERRORS.test(message)

/** Looks through wrappers: better-auth keeps the driver's error as cause, Node one error per address it tried. */
function matches(error: unknown, test: (code: string, message: string) => boolean, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false
  if (test(codeOf(error), error.message)) return true
  const inner = error instanceof AggregateError ? error.errors : []
  return [error.cause, ...inner].some((nested) => matches(nested, test, depth + 1))
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
