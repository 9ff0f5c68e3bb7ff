/**
 * Every failure this server expects, named after its answer. All of our codes stand here; better-auth adds its own
 * (INVALID_EMAIL_OR_PASSWORD, …) in the same body. Whatever is thrown and is not one of these is a bug: 500.
 */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 426 | 500 | 503

type Details = { cause?: unknown; headers?: Record<string, string> }

export class AnswerError extends Error {
  readonly status: ErrorStatus
  readonly code: string
  /** Sent with the answer: Retry-After, Allow, WWW-Authenticate. */
  readonly headers: Record<string, string>

  constructor(status: ErrorStatus, code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.status = status
    this.code = code
    this.headers = details.headers ?? {}
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer' }
const SOON = { 'retry-after': '1' }

/** Nothing was presented: neither a bearer nor a session cookie. */
export class SessionRequired extends AnswerError {
  constructor() {
    super(401, 'SESSION_REQUIRED', 'Sign in first.', { headers: CHALLENGE })
  }
}

/** Something was presented that we never gave out: malformed, raw, forged, or signed with another secret. */
export class InvalidToken extends AnswerError {
  constructor() {
    super(401, 'INVALID_TOKEN', 'This token is not valid.', { headers: CHALLENGE })
  }
}

/** We gave it out, and no live session stands behind it any more. */
export class SessionExpired extends AnswerError {
  constructor() {
    super(401, 'SESSION_EXPIRED', 'Your session has ended. Sign in again.', { headers: CHALLENGE })
  }
}

export class BannedUser extends AnswerError {
  constructor() {
    super(401, 'BANNED_USER', 'This account has been suspended.', { headers: CHALLENGE })
  }
}

/** 403, not 401: a service that reads 401 as "nobody" must not read its own missing token as that. */
export class InternalTokenRequired extends AnswerError {
  constructor() {
    super(403, 'INTERNAL_TOKEN_REQUIRED', 'This port is for services that know the internal token.')
  }
}

/** "Don't know": never to be answered as 401 or as an empty 200. */
export class DatabaseUnavailable extends AnswerError {
  constructor(cause?: unknown) {
    super(503, 'DATABASE_UNAVAILABLE', 'The database is away. Try again shortly.', { cause, headers: SOON })
  }
}

export class MigrationsPending extends AnswerError {
  constructor() {
    super(503, 'MIGRATIONS_PENDING', 'The database is not migrated yet.', { headers: SOON })
  }
}

/** Too many passwords are being hashed already. */
export class TooBusy extends AnswerError {
  constructor() {
    super(503, 'TOO_BUSY', 'Too many people are signing in right now. Try again shortly.', { headers: SOON })
  }
}

export class BadRequest extends AnswerError {
  constructor(message = 'This request cannot be read.') {
    super(400, 'BAD_REQUEST', message)
  }
}

export class InvalidJson extends AnswerError {
  constructor(message: string) {
    super(400, 'INVALID_JSON', message)
  }
}

export class PasswordTooShort extends AnswerError {
  constructor(least: number) {
    super(400, 'PASSWORD_TOO_SHORT', `A password must have at least ${least} characters.`)
  }
}

export class PasswordTooLong extends AnswerError {
  constructor(most: number) {
    super(400, 'PASSWORD_TOO_LONG', `A password may have at most ${most} characters.`)
  }
}

/** better-auth's own code for it, also where two sign-ups raced and the database decided. */
export class UserAlreadyExists extends AnswerError {
  constructor() {
    super(422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL', 'User already exists. Use another email.')
  }
}

export class Conflict extends AnswerError {
  constructor() {
    super(409, 'CONFLICT', 'Something else changed this at the same time. Try again.')
  }
}

/** Where better-auth sends a browser whose link or sign-in at a provider went wrong. */
export class FlowFailed extends AnswerError {
  constructor(reason: string) {
    super(400, reason, 'This link or sign-in could not be completed.')
  }
}

export class NotFound extends AnswerError {
  constructor() {
    super(404, 'NOT_FOUND', 'There is nothing here.')
  }
}

export class MethodNotAllowed extends AnswerError {
  constructor(allow: readonly string[]) {
    super(405, 'METHOD_NOT_ALLOWED', 'This path does not answer to that method.', {
      headers: { allow: allow.join(', ') },
    })
  }
}

export class PayloadTooLarge extends AnswerError {
  constructor() {
    // What is left of the body is never read, so the connection cannot be used again.
    super(413, 'PAYLOAD_TOO_LARGE', 'A body may have at most 64 KiB.', { headers: { connection: 'close' } })
  }
}

export class UnsupportedMediaType extends AnswerError {
  constructor(message = 'Send the body as application/json.') {
    super(415, 'UNSUPPORTED_MEDIA_TYPE', message)
  }
}

/** The feed is a WebSocket and nothing else. */
export class UpgradeRequired extends AnswerError {
  constructor() {
    super(426, 'UPGRADE_REQUIRED', 'This path speaks WebSocket only.', { headers: { upgrade: 'websocket' } })
  }
}

/** Revocations are not heard at the moment, or too many services are connected: nobody may rely on this server's feed. */
export class FeedUnavailable extends AnswerError {
  constructor() {
    super(503, 'FEED_UNAVAILABLE', 'Revocations cannot be passed on right now. Try again shortly.', { headers: SOON })
  }
}

export class InternalError extends AnswerError {
  constructor(cause: unknown) {
    super(500, 'INTERNAL_ERROR', 'Something went wrong on our side.', { cause })
  }
}

/** Refuses to start: names every fault and never a value. The process exits 78 (EX_CONFIG of sysexits.h). */
export class ConfigurationError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigurationError'
    this.faults = faults
  }
}
