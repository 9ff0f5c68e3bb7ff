import { UnexpectedResponse } from './read.ts'
import { RequestError, reasonOf } from './request-error.ts'

/** One request to a service, with its response read. Throws a RequestError if there is no response, or another than hoped. */
export type Client = <T>(method: string, path: string, read: (body: unknown) => T, body?: object) => Promise<T>

/** By then the deadlines of the services are long over. */
const TIMEOUT_MS = 30_000

/**
 * Plain fetch: the browser keeps the session in a cookie that scripts cannot read.
 *
 * @param baseUrl the service's origin; empty is our own
 * @param isOnline tells "you are offline" from "the service is unavailable" when there is no response
 * @param language of the pages: a mail that a request causes is written in it
 */
export function createClient(baseUrl: string, isOnline: () => boolean, language = () => ''): Client {
  const base = baseUrl.replace(/\/+$/, '')
  return async (method, path, read, body) => {
    // Not AbortSignal.timeout(), which some browsers in use do not have.
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS)
    try {
      const response = await request(base + path, isOnline, {
        method,
        credentials: 'include',
        cache: 'no-store',
        signal: deadline.signal,
        headers: {
          accept: 'application/json',
          ...(language() && { 'accept-language': language() }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      return await readResponse(response, read)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The one fetch of the app. There is no response when offline, out of reach, late, or refused by CORS. */
async function request(url: string, isOnline: () => boolean, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    const outage = { kind: 'unavailable', requestId: null, retryAfterSeconds: null } as const
    throw new RequestError(isOnline() ? outage : { kind: 'offline' }, { cause })
  }
}

async function readResponse<T>(response: Response, read: (body: unknown) => T): Promise<T> {
  const body = await readJson(response)
  if (!response.ok) throw new RequestError(reasonOf(response, body))
  try {
    return read(body)
  } catch (cause) {
    if (!(cause instanceof UnexpectedResponse)) throw cause
    const requestId = response.headers.get('x-request-id')
    throw new RequestError({ kind: 'unavailable', requestId, retryAfterSeconds: null }, { cause })
  }
}

/** null for a body that is not JSON or broke off: the status says the rest. */
async function readJson(response: Response): Promise<unknown> {
  return response.json().catch(() => null)
}
