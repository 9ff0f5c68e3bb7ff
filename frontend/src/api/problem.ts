/** Why a request was not answered as hoped. `requestId` is what support finds in the logs. */
export type Problem =
  | { kind: 'offline' }
  /** No answer, or one that says "not now": nobody knows whether the request was right. */
  | { kind: 'unavailable'; requestId: string | null }
  | { kind: 'tooMany'; retryAfterSeconds: number; requestId: string | null }
  /** Answered, and the answer is no. `code` is the service's own word for why. */
  | { kind: 'refused'; status: number; code: string; requestId: string | null }

export class RequestFailed extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`Request failed: ${problem.kind}`, options)
    this.problem = problem
  }
}

/** What the services say when a session that was good is no longer. */
const SESSION_END = new Set(['SESSION_REQUIRED', 'SESSION_EXPIRED', 'INVALID_TOKEN', 'BANNED_USER'])

export function isSessionEnd(problem: Problem): boolean {
  return problem.kind === 'refused' && problem.status === 401 && SESSION_END.has(problem.code)
}

export function isRefusedWith(problem: Problem, statuses: number[]): boolean {
  return problem.kind === 'refused' && statuses.includes(problem.status)
}

/** A wait nobody would sit through is more likely a server's mistake; a missing one is better-auth's window. */
const LONGEST_WAIT_SECONDS = 3600
const USUAL_WAIT_SECONDS = 10

/** @param body the answer's JSON, or null where there was none */
export function problemOf(answer: Response, body: unknown): Problem {
  const requestId = answer.headers.get('x-request-id')
  if (answer.status === 429) {
    return { kind: 'tooMany', retryAfterSeconds: retryAfterSeconds(answer.headers.get('retry-after')), requestId }
  }
  const code = codeOf(body)
  if (answer.status >= 500 || !code) return { kind: 'unavailable', requestId }
  return { kind: 'refused', status: answer.status, code, requestId }
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterSeconds(header: string | null): number {
  if (!header) return USUAL_WAIT_SECONDS
  const seconds = header.endsWith('GMT') ? (Date.parse(header) - Date.now()) / 1000 : Number(header)
  if (Number.isNaN(seconds)) return USUAL_WAIT_SECONDS
  return Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT_SECONDS)
}

function codeOf(body: unknown): string | null {
  return typeof body === 'object' && body && 'code' in body && typeof body.code === 'string' ? body.code : null
}
