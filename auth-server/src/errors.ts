/**
 * Every failure this server expects, named after its answer. All of our codes stand here; better-auth adds its own
 * (INVALID_EMAIL_OR_PASSWORD, …) in the same body. Whatever is thrown and is not one of these is a bug: 500.
 */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 426 | 500 | 503 | 505

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

/** RFC 9110 §11.6.1: every 401 names a scheme. */
export const CHALLENGE = { 'www-authenticate': 'Bearer' }
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

const SEND_ORIGIN =
  'Send the header "Origin: <scheme>://<host>[:<port>]" with one of the origins that the setting CORS_ORIGIN names, ' +
  'or a bearer token instead of the cookie.'

/** `Origin` names a page that is not in CORS_ORIGIN. The package says the same, word for word. */
export class InvalidOrigin extends AnswerError {
  constructor() {
    super(403, 'INVALID_ORIGIN', `This origin is not allowed. ${SEND_ORIGIN}`)
  }
}

/** Neither `Origin` nor `Sec-Fetch-Site` says which page sent the request. */
export class MissingOrNullOrigin extends AnswerError {
  constructor() {
    super(403, 'MISSING_OR_NULL_ORIGIN', `This request does not say which page it comes from. ${SEND_ORIGIN}`)
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

/** Migrated once, and changed since: by hand, by another tool, by a restore. */
export class SchemaDiffers extends AnswerError {
  constructor(problems: readonly string[]) {
    const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
    const message = `The tables differ from what this version needs: ${problems.slice(0, 3).join('; ')}${more}. Run the migrate command.`
    super(503, 'SCHEMA_DIFFERS', message, { headers: SOON })
  }
}

/** Settings of the database or of the role that this server cannot work with, each with what to do about it. */
export class DatabaseMisconfigured extends AnswerError {
  constructor(problems: readonly string[]) {
    const message = `The database is not set up as this server needs it: ${problems.join('; ')}.`
    super(503, 'DATABASE_MISCONFIGURED', message, { headers: SOON })
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

/** A foreign key or a trigger of another table keeps the user; the cause names it in the log. */
export class DeletionBlocked extends AnswerError {
  constructor(cause: unknown) {
    super(409, 'DELETION_BLOCKED', 'Other data still needs this user, so nothing was deleted.', { cause })
  }
}

/** Where better-auth sends a browser whose link or sign-in at a provider went wrong. */
export class FlowFailed extends AnswerError {
  constructor(reason: string) {
    super(400, reason, 'This link or sign-in could not be completed.')
  }
}

/** It would send a browser elsewhere. better-auth's own codes: INVALID_CALLBACK_URL and its like. */
export class RedirectRefused extends AnswerError {
  constructor(code: string) {
    super(
      403,
      code,
      'This address is not on an origin that PUBLIC_URL or CORS_ORIGIN names. Send a path, or one of those.',
    )
  }
}

/** A token was named that no live session of the caller's, or of the named user's, has. */
export class SessionNotFound extends AnswerError {
  constructor() {
    super(404, 'SESSION_NOT_FOUND', 'There is no such session.')
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

/** A request line with another version than those two: what came behind it would be read wrongly. */
export class HttpVersionNotSupported extends AnswerError {
  constructor() {
    super(505, 'HTTP_VERSION_NOT_SUPPORTED', 'This server speaks HTTP/1.1 and HTTP/1.0.')
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
