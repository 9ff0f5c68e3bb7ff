import type { Context } from 'hono'
import { HttpError } from '../errors.ts'

/** Whatever was thrown, as the error that is sent. */
export function toHttpError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new HttpError('INTERNAL_ERROR', { cause: error })
}

/** The one error body. The cause is not in it: it goes into the log, see access-log.ts. */
export function errorResponse(error: unknown, c: Context): Response {
  const { status, code, message, headers } = toHttpError(error)
  return c.json({ code, message }, status, headers)
}
