import {
  type AnswerError,
  BadRequest,
  BannedUser,
  CHALLENGE,
  Conflict,
  DatabaseUnavailable,
  DeletionBlocked,
  InternalError,
  UserAlreadyExists,
} from '../errors.ts'
import type { Observed } from './observation.ts'

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** better-auth's answer in this server's terms: the one error body, honest about the database, signed tokens only. */
export async function settle(answer: Response | undefined, observed: Observed): Promise<Response> {
  if (observed.blockedDeletion !== undefined) throw new DeletionBlocked(observed.blockedDeletion)
  if (observed.databaseFault !== undefined) throw new DatabaseUnavailable(observed.databaseFault)
  if (answer?.status === 401 && observed.isBanned) throw new BannedUser()
  const isFailure = answer === undefined || answer.status >= 400
  if (isFailure && observed.duplicateIn === 'user') throw new UserAlreadyExists()
  // What did not happen is not acknowledged, whatever better-auth says.
  const isUndone = !isFailure && observed.refusedEnd !== undefined
  if (answer === undefined || answer.status >= 500 || isUndone) throw failure(answer, observed)
  return answer.status >= 400 ? renderError(answer) : withSignedToken(answer)
}

function failure(
  answer: Response | undefined,
  { refusedValue, duplicateIn, refusedEnd, unexpected }: Observed,
): AnswerError {
  if (refusedValue !== undefined) return new BadRequest('A value in this request is not acceptable.')
  if (duplicateIn !== undefined) return new Conflict()
  return new InternalError(
    unexpected ?? refusedEnd ?? new Error(`better-auth answered ${answer?.status} without a reason`),
  )
}

/** Empty 404s, 429 without a code, extra fields: all become {code, message}. Cookies that are taken back stay so. */
async function renderError(answer: Response): Promise<Response> {
  const { code, message } = await readObject(answer)
  const known = DEFAULTS[answer.status] ?? DEFAULT
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie)
  const retryAfter = answer.headers.get('x-retry-after') ?? answer.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  if (answer.status === 401) headers.set('www-authenticate', CHALLENGE['www-authenticate'])
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

const DEFAULT = { code: 'BAD_REQUEST', message: 'This request cannot be read.' }
const DEFAULTS: Partial<Record<number, { code: string; message: string }>> = {
  401: { code: 'UNAUTHORIZED', message: 'Sign in first.' },
  403: { code: 'FORBIDDEN', message: 'You may not do this.' },
  404: { code: 'NOT_FOUND', message: 'There is nothing here.' },
  405: { code: 'METHOD_NOT_ALLOWED', message: 'This path does not answer to that method.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the body as application/json.' },
  429: { code: 'TOO_MANY_REQUESTS', message: 'Too many attempts. Try again later.' },
}
