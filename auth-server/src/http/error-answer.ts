import type { Context } from 'hono'
import { AnswerError, InternalError } from '../errors.ts'

/** Whatever was thrown, as the error that is answered. */
export function toAnswerError(error: unknown): AnswerError {
  return error instanceof AnswerError ? error : new InternalError(error)
}

/** The one error body. The cause stays here: it goes into the log, see access-log.ts. */
export function answerError(error: unknown, c: Context): Response {
  const { status, code, message, headers } = toAnswerError(error)
  return c.json({ code, message }, status, headers)
}
