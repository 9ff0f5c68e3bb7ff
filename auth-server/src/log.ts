import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Env } from './env.ts'

export type Log = Logger

/** However deep the code is that writes the line, better-auth's and the pools' included. */
const request = new AsyncLocalStorage<{ requestId: string } | undefined>()

/** Each line that `work` writes says which request caused it. */
export const duringRequest = <Result>(requestId: string, work: () => Result): Result => request.run({ requestId }, work)

/** For what a request only sets off, or makes and leaves behind: its lines are about others too. */
export const outsideOfRequests = <Result>(work: () => Result): Result => request.run(undefined, work)

/**
 * Lines are written together: one by one, each costs a trip through a thread of libuv's. What is left is written when
 * the process ends, and at once after a `fatal`.
 */
const GATHERED = { minLength: 4096, periodicFlush: 100, sync: false }

/** JSON lines on stdout. Never logged: bodies, headers, raw URLs; so no password, token, cookie or mail address. */
export function createLog(
  env: Pick<Env, 'LOG_LEVEL'>,
  destination: DestinationStream = pino.destination(GATHERED),
): Log {
  const options = {
    level: env.LOG_LEVEL,
    base: { service: 'auth-server' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    mixin: () => ({ ...request.getStore() }),
  }
  return pino(options, destination)
}

type ErrorLine = { type: string; code?: string; message: string; stack?: string; cause?: ErrorLine }

/**
 * What of an error may be logged. PostgreSQL repeats row values in `detail`, `where` and sometimes in the message
 * ("invalid input syntax for type integer: …"), and zod repeats input: of their errors only the code is kept.
 */
function describeError(error: unknown, depth = 0): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause !== undefined && depth < 4 ? { cause: describeError(error.cause, depth + 1) } : {}
  return { type: error.name, ...code, ...wording(error), ...cause }
}

function wording(error: Error): { message: string; stack?: string } {
  const quotesValues = 'severity' in error || 'issues' in error
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '))
  const message = quotesValues ? 'left out: may repeat values' : error.message.slice(0, 500)
  return frames?.length ? { message, stack: frames.slice(0, 12).join('\n') } : { message }
}
