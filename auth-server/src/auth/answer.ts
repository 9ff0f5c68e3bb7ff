import { type ErrorCode, HttpError } from '../errors.ts'
import type { Observed } from './observation.ts'

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** better-auth's answer in this server's terms: the one error body, honest about the database, signed tokens only. */
export async function settle(answer: Response | undefined, observed: Observed): Promise<Response> {
  if (observed.blockedDeletion !== undefined)
    throw new HttpError('DELETION_BLOCKED', { cause: observed.blockedDeletion })
  if (observed.databaseFault !== undefined)
    throw new HttpError('DATABASE_UNAVAILABLE', { cause: observed.databaseFault })
  if (answer?.status === 401 && observed.isBanned) throw new HttpError('BANNED_USER')
  const isFailure = answer === undefined || answer.status >= 400
  if (isFailure && observed.duplicateIn === 'user') throw new HttpError('USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
  // What did not happen is not acknowledged, whatever better-auth says.
  const isUndone = !isFailure && observed.refusedEnd !== undefined
  if (answer === undefined || answer.status >= 500 || isUndone) throw failure(answer, observed)
  return answer.status >= 400 ? renderError(answer) : withSignedToken(answer)
}

function failure(
  answer: Response | undefined,
  { refusedValue, duplicateIn, refusedEnd, unexpected }: Observed,
): HttpError {
  if (refusedValue !== undefined)
    return new HttpError('BAD_REQUEST', { message: 'A value in this request is not acceptable.' })
  if (duplicateIn !== undefined) return new HttpError('CONFLICT')
  const unknown = new Error(`better-auth answered ${answer?.status} without a reason`)
  return new HttpError('INTERNAL_ERROR', { cause: unexpected ?? refusedEnd ?? unknown })
}

/** Empty 404s, 429 without a code, extra fields: all become {code, message}. Cookies that are taken back stay so. */
async function renderError(answer: Response): Promise<Response> {
  const { code, message } = await readObject(answer)
  const known = new HttpError(CODE_OF[answer.status] ?? 'BAD_REQUEST')
  const headers = new Headers({ 'content-type': 'application/json', ...known.headers })
  for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie)
  const retryAfter = answer.headers.get('x-retry-after') ?? answer.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  const body = {
    code: typeof code === 'string' && CODE.test(code) ? code : known.code,
    message: typeof message === 'string' && message !== '' ? message.slice(0, 300) : known.message,
  }
  return new Response(JSON.stringify(body), { status: answer.status, headers })
}

/**
 * The header's token is signed, the body's is what stands in the database. They become the same, or callers would
 * keep the one that opens nothing.
 */
async function withSignedToken(answer: Response): Promise<Response> {
  const signed = answer.headers.get('set-auth-token')
  if (signed === null || answer.status >= 300) return answer
  const body = await readObject(answer.clone())
  return typeof body.token === 'string' ? new Response(JSON.stringify({ ...body, token: signed }), answer) : answer
}

async function readObject(answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text()
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
