import type { ContentfulStatusCode } from 'hono/utils/http-status'

type Kind = { status: ContentfulStatusCode; message: string; headers?: Record<string, string> }

/** RFC 9110 §11.6.1: every 401 names a scheme. */
const CHALLENGE = { 'www-authenticate': 'Bearer' }
const SOON = { 'retry-after': '1' }
/** What is left of the body is never read, so the connection cannot be used again. */
const CLOSE = { connection: 'close' }

// auth_sidecar says the same, word for word (errors.py).
const SEND_ORIGIN =
  'Send the header "Origin: <scheme>://<host>[:<port>]" with one of the origins that the setting CORS_ORIGIN names, ' +
  'or a bearer token instead of the cookie.'
const REDIRECT = {
  status: 403,
  message:
    'This redirect leads to an origin that is neither PUBLIC_URL nor in CORS_ORIGIN. Send a path, or an address on one of these origins.',
} as const

/**
 * Every error of this server: its code, status, message and headers. docs/errors.md explains each to its callers.
 * better-auth adds its own codes (INVALID_EMAIL_OR_PASSWORD, …) in the same body. Whatever else is thrown is a bug: 500.
 */
const ERRORS = {
  // Who is calling
  SESSION_REQUIRED: { status: 401, message: 'Sign in first.', headers: CHALLENGE },
  /** A credential that this server did not issue: malformed, raw, forged, or signed with another secret. */
  INVALID_TOKEN: { status: 401, message: 'This token is not valid.', headers: CHALLENGE },
  /** A credential that this server issued, whose session is over. */
  SESSION_EXPIRED: { status: 401, message: 'Your session has ended. Sign in again.', headers: CHALLENGE },
  BANNED_USER: { status: 401, message: 'This account has been suspended.', headers: CHALLENGE },
  UNAUTHORIZED: { status: 401, message: 'Sign in first.', headers: CHALLENGE },
  OLD_TOKEN_EXPIRED: { status: 401, message: 'This token has expired. Sign in again.', headers: CHALLENGE },
  /** Exchanged for a session, or all sessions of its user were ended here. */
  OLD_TOKEN_ENDED: { status: 401, message: 'This token is used up. Sign in again.', headers: CHALLENGE },
  OLD_TOKEN_USER_UNKNOWN: { status: 401, message: 'The account of this token is not here.', headers: CHALLENGE },
  /** What the old system gave out knows nothing of the second factor that the user has here. */
  OLD_TOKEN_SECOND_FACTOR: { status: 401, message: 'Sign in: this account has a second factor.', headers: CHALLENGE },
  /** Where REQUIRE_EMAIL_VERIFICATION is on. Not 403: a service asks who this is, and the response is "nobody yet". */
  OLD_TOKEN_EMAIL_NOT_VERIFIED: {
    status: 401,
    message: 'Verify your e-mail address, and sign in.',
    headers: CHALLENGE,
  },
  /** OLD_TOKENS_UNTIL has passed. */
  OLD_TOKENS_OVER: { status: 401, message: 'Tokens of the old system count no more. Sign in.', headers: CHALLENGE },
  SIGN_UP_CLOSED: { status: 403, message: 'Nobody can create an account here.' },
  /** For what a cookie that was stolen, or an administrator who acts as the user, must not do. */
  SESSION_NOT_FRESH: { status: 403, message: 'Sign in again to do this.' },
  FORBIDDEN: { status: 403, message: 'You may not do this.' },
  /** `Origin` names a page that is not in CORS_ORIGIN. */
  INVALID_ORIGIN: { status: 403, message: `This origin is not allowed. ${SEND_ORIGIN}` },
  /** Neither `Origin` nor `Sec-Fetch-Site` says which page sent the request. */
  MISSING_OR_NULL_ORIGIN: {
    status: 403,
    message: `This request does not say which page it comes from. ${SEND_ORIGIN}`,
  },
  /** 403, not 401: a service that reads 401 as "nobody" must not read its own missing token as that. */
  INTERNAL_TOKEN_REQUIRED: { status: 403, message: 'The header x-internal-token is missing or wrong.' },

  // The request
  BAD_REQUEST: { status: 400, message: 'The request is malformed.' },
  INVALID_JSON: { status: 400, message: 'The body must be valid JSON.' },
  VALIDATION_ERROR: { status: 400, message: 'The request is not valid.' },
  PASSWORD_TOO_SHORT: { status: 400, message: 'This password is too short.' },
  PASSWORD_TOO_LONG: { status: 400, message: 'This password is too long.' },
  PASSWORD_COMPROMISED: {
    status: 400,
    message: 'This password is known from a data breach. Choose another one, and change it wherever you use it.',
  },
  /** A link in a mail, or a sign-in at a provider; better-auth's own code of the reason takes the place of this one. */
  UNKNOWN: { status: 400, message: 'This link or sign-in could not be completed.' },
  INVALID_API_KEY: { status: 400, message: 'This is not a key of this service.' },
  INVALID_CALLBACK_URL: REDIRECT,
  INVALID_ERROR_CALLBACK_URL: REDIRECT,
  INVALID_NEW_USER_CALLBACK_URL: REDIRECT,
  INVALID_REDIRECT_URL: REDIRECT,
  NOT_FOUND: { status: 404, message: 'There is nothing here.' },
  SESSION_NOT_FOUND: { status: 404, message: 'There is no such session.' },
  SERVICE_NOT_FOUND: { status: 404, message: 'There is no such service to connect.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This path does not support this method.' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
  CONFLICT: { status: 409, message: 'Another request changed the same data at the same time. Try again.' },
  /** A foreign key or a trigger of another table keeps the user; the cause names it in the log. */
  DELETION_BLOCKED: { status: 409, message: 'Other data still refers to this user, so nothing was deleted.' },
  SERVICE_NOT_CONNECTED: {
    status: 409,
    message: 'This service is not connected. Connect it on the account page first.',
  },
  CONNECTION_REVOKED: {
    status: 409,
    message: 'The connection to this service has expired or was revoked there. Connect it again.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'A body may have at most 64 KiB.', headers: CLOSE },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send the body as application/json.' },
  /** better-auth's own code for it, also where two sign-ups raced and the database decided. */
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { status: 422, message: 'User already exists. Use another email.' },
  UPGRADE_REQUIRED: {
    status: 426,
    message: 'This path accepts only WebSocket connections.',
    headers: { upgrade: 'websocket' },
  },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many attempts. Try again later.' },
  HEADERS_TOO_LARGE: { status: 431, message: 'The request line and headers may have at most 32 KiB.' },
  /** What follows a request line with another version would be read wrongly. */
  HTTP_VERSION_NOT_SUPPORTED: { status: 505, message: 'This server supports HTTP/1.1 and HTTP/1.0.' },

  // "Don't know": never 401, and never an empty 200
  DATABASE_UNAVAILABLE: { status: 503, message: 'The database is unavailable. Try again shortly.', headers: SOON },
  MIGRATIONS_PENDING: { status: 503, message: 'The database is not migrated yet.', headers: SOON },
  /** Migrated once, and changed since: by hand, by another tool, by a restore. */
  SCHEMA_DIFFERS: {
    status: 503,
    message: 'The tables differ from what this version needs. Run the migrate command.',
    headers: SOON,
  },
  DATABASE_MISCONFIGURED: {
    status: 503,
    message: 'The database is not set up as this server needs it.',
    headers: SOON,
  },
  /** Too many passwords are being hashed already. */
  TOO_BUSY: { status: 503, message: 'Too many users are signing in right now. Try again shortly.', headers: SOON },
  /** Or it responds with what no provider sends. */
  PROVIDER_UNAVAILABLE: {
    status: 503,
    message: 'The provider of this sign-in is unavailable. Try again shortly, or sign in in another way.',
    headers: SOON,
  },
  /** The issuer of old tokens does not say with which keys it signs. It concerns nobody who has a session. */
  OLD_TOKEN_KEYS_UNAVAILABLE: {
    status: 503,
    message: 'This token cannot be verified right now. Try again shortly.',
    headers: SOON,
  },
  /** A connected service, or what it responds is of no use. Nothing is known, and nothing was changed. */
  SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'The connected service is unavailable. Try again shortly.',
    headers: SOON,
  },
  /** Encrypted with a key that this server does not have, or copied from another row. */
  CONNECTION_UNREADABLE: {
    status: 503,
    message: 'The connection to this service cannot be read right now.',
    headers: SOON,
  },
  /** No revocations arrive at the moment, or too many services are connected: no service may rely on this feed. */
  FEED_UNAVAILABLE: {
    status: 503,
    message: 'Revocations cannot be delivered right now. Try again shortly.',
    headers: SOON,
  },

  /** Readiness, between the signal to stop and the end: requests are still served. */
  SHUTTING_DOWN: { status: 503, message: 'This server is about to stop. Ask another one.', headers: SOON },

  INTERNAL_ERROR: { status: 500, message: 'Something went wrong on our side.' },
} as const satisfies Record<string, Kind>

export type ErrorCode = keyof typeof ERRORS

type Details = {
  /** Instead of the one in the table, where it can say more. */
  message?: string
  /** For the log; callers never see it. */
  cause?: unknown
  /** In addition to those in the table. */
  headers?: Record<string, string>
  /** A code of better-auth's that is sent instead. */
  betterAuthCode?: string
}

/** A request that is refused. http/error-response.ts renders it. */
export class HttpError extends Error {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, { message, cause, headers, betterAuthCode }: Details = {}) {
    const kind: Kind = ERRORS[code]
    super(message ?? kind.message, cause === undefined ? undefined : { cause })
    this.name = 'HttpError'
    this.status = kind.status
    this.code = betterAuthCode ?? code
    this.headers = { ...kind.headers, ...headers }
  }
}

/** RFC 9110 §15.5.6: a 405 lists the methods that the path has. */
export function methodNotAllowed(methods: readonly string[]): HttpError {
  return new HttpError('METHOD_NOT_ALLOWED', { headers: { allow: methods.join(', ') } })
}

/** Refuses to start: names every error and never a value. The process exits 78 (EX_CONFIG of sysexits.h). */
export class ConfigurationError extends Error {
  readonly errors: readonly string[]

  constructor(errors: readonly string[]) {
    super(`The configuration is not usable:\n${errors.map((error) => `  - ${error}`).join('\n')}`)
    this.name = 'ConfigurationError'
    this.errors = errors
  }
}

/** A command was called wrongly; the message says how. The process exits 64 (EX_USAGE). */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
