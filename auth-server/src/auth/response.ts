import { type ErrorCode, HttpError } from '../errors.ts'
import type { Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** better-auth's response in this server's terms: the one error body, true about the database, signed tokens only. */
export async function settle(
  response: Response | undefined,
  { endpoint, observed }: { endpoint: Endpoint; observed: Observed },
): Promise<Response> {
  if (observed.blockedDeletion !== undefined)
    throw new HttpError('DELETION_BLOCKED', { cause: observed.blockedDeletion })
  if (observed.databaseUnavailable !== undefined)
    throw new HttpError('DATABASE_UNAVAILABLE', { cause: observed.databaseUnavailable })
  if (response?.status === 401 && observed.isBanned) throw new HttpError('BANNED_USER')
  if (response === undefined && observed.providerUnavailable !== undefined)
    throw new HttpError('PROVIDER_UNAVAILABLE', { cause: observed.providerUnavailable })
  const isRefused = response === undefined || response.status >= 400
  if (isRefused && observed.duplicateIn === 'user') throw new HttpError('USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
  // What did not happen is not acknowledged, whatever better-auth says.
  const isUndone = !isRefused && observed.refusedEnd !== undefined
  if (response === undefined || response.status >= 500 || isUndone) throw errorOf(response, observed)
  if (response.status >= 400) return renderError(response)
  // better-auth says "done" also where nothing was ended: an unknown token, or another user's.
  const isDone = response.status < 300
  if (isDone && endpoint.revokes !== undefined && !observed.endedSessions) throw new HttpError('SESSION_NOT_FOUND')
  return withSignedToken(response)
}

function errorOf(
  response: Response | undefined,
  { refusedValue, duplicateIn, refusedEnd, unexpected }: Observed,
): HttpError {
  if (unexpected instanceof HttpError) return unexpected
  if (refusedValue !== undefined)
    return new HttpError('BAD_REQUEST', { message: 'A value in this request is not acceptable.' })
  if (duplicateIn !== undefined) return new HttpError('CONFLICT')
  const unknown = new Error(`better-auth sent ${response?.status} without a reason`)
  return new HttpError('INTERNAL_ERROR', { cause: unexpected ?? refusedEnd ?? unknown })
}

/** Empty 404s, 429 without a code, extra fields: all become {code, message}. Cookies that are taken back stay so. */
async function renderError(response: Response): Promise<Response> {
  const { code, message } = await readObject(response)
  const kind = new HttpError(CODE_OF[response.status] ?? 'BAD_REQUEST')
  const headers = new Headers({ 'content-type': 'application/json', ...kind.headers })
  for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie)
  const retryAfter = response.headers.get('x-retry-after') ?? response.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  const body = {
    code: typeof code === 'string' && CODE.test(code) ? code : kind.code,
    message: typeof message === 'string' && message !== '' ? message.slice(0, 300) : kind.message,
  }
  return new Response(JSON.stringify(body), { status: response.status, headers })
}

/**
 * The header's token is signed, the body's is as the database keeps it. They become the same, or callers would
 * keep the one that opens nothing.
 */
async function withSignedToken(response: Response): Promise<Response> {
  const signed = response.headers.get('set-auth-token')
  if (signed === null || response.status >= 300) return response
  // Read, not cloned: a copy of a stream costs more than the text.
  const text = await response.text()
  const body = objectIn(text)
  const isNamed = typeof body.token === 'string'
  return new Response(isNamed ? JSON.stringify({ ...body, token: signed }) : text, response)
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  return objectIn(await response.text())
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {} // empty, or a page: nothing of it is kept
  }
}

/** Where better-auth gives none. */
const CODE_OF: Partial<Record<number, ErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
}
