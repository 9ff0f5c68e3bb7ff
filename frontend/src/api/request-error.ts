/** Why a request failed. `requestId` is what support finds in the logs. */
export type Reason =
  | { kind: 'offline' }
  /** No response, or one that says "not now": it is not known whether the request was right. */
  | { kind: 'unavailable'; requestId: string | null; retryAfterSeconds: number | null }
  | { kind: 'tooMany'; retryAfterSeconds: number; requestId: string | null }
  /** The response is no; `code` is the service's reason. */
  | { kind: 'refused'; status: number; code: string; requestId: string | null }

export class RequestError extends Error {
  readonly reason: Reason

  constructor(reason: Reason, options?: ErrorOptions) {
    super(`Request failed: ${reason.kind}`, options)
    this.reason = reason
  }
}

/** The codes of a session that was valid and is no longer. */
const SESSION_END = new Set([
  'SESSION_REQUIRED',
  'SESSION_EXPIRED',
  'INVALID_TOKEN',
  'BANNED_USER',
  'OLD_TOKEN_EXPIRED',
  'OLD_TOKEN_ENDED',
  'OLD_TOKEN_USER_UNKNOWN',
  'OLD_TOKEN_SECOND_FACTOR',
  'OLD_TOKEN_EMAIL_NOT_VERIFIED',
  'OLD_TOKENS_OVER',
])

export function isSessionEnd(reason: Reason): boolean {
  return reason.kind === 'refused' && reason.status === 401 && SESSION_END.has(reason.code)
}

export function isRefusal(error: unknown, statuses: number[]): boolean {
  if (!(error instanceof RequestError) || error.reason.kind !== 'refused') return false
  return statuses.includes(error.reason.status)
}

/** A longer wait is more likely a server's mistake. */
const MAX_WAIT_SECONDS = 3600
/** better-auth's window. */
const DEFAULT_WAIT_SECONDS = 10

/** @param body the response's JSON, or null without any */
export function reasonOf(response: Response, body: unknown): Reason {
  const requestId = response.headers.get('x-request-id')
  const asked = retryAfterSeconds(response.headers.get('retry-after'))
  if (response.status === 429) return { kind: 'tooMany', retryAfterSeconds: asked ?? DEFAULT_WAIT_SECONDS, requestId }
  const code = codeOf(body)
  if (response.status >= 500 || !code) return { kind: 'unavailable', requestId, retryAfterSeconds: asked }
  return { kind: 'refused', status: response.status, code, requestId }
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterSeconds(header: string | null): number | null {
  if (!header) return null
  const seconds = header.endsWith('GMT') ? (Date.parse(header) - Date.now()) / 1000 : Number(header)
  if (Number.isNaN(seconds)) return null
  return Math.min(Math.max(Math.ceil(seconds), 1), MAX_WAIT_SECONDS)
}

function codeOf(body: unknown): string | null {
  return typeof body === 'object' && body && 'code' in body && typeof body.code === 'string' ? body.code : null
}
