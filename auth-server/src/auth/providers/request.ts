import { fetchText } from '../../http/fetch-text.ts'

/** The provider did not respond, or with something that is no response of a provider: nothing is known of the user. */
export class ProviderUnavailable extends Error {
  constructor(provider: string, cause: unknown) {
    super(`the provider ${provider} is unavailable`, { cause })
    this.name = 'ProviderUnavailable'
  }
}

/** Of each request; a callback makes up to three, and the browser waits for it. */
export const TIMEOUT_MS = 3000

type Json = Record<string, unknown>
export type Request = (url: string, init?: RequestInit) => Promise<Json | readonly unknown[]>

/**
 * One JSON response, within the time and the size that a provider may take. No redirect is followed: it would carry a secret
 * to wherever it leads. Throws ProviderUnavailable; or ProviderRefusal, where the provider says no.
 */
export function requestAs(provider: string, timeoutMs = TIMEOUT_MS): Request {
  return async (url, init = {}) => {
    const { status, text } = await fetchText(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause) => {
        throw new ProviderUnavailable(provider, cause)
      },
    )
    const body = parseJson(text)
    if (status >= 500 || status === 429 || body === undefined) {
      throw new ProviderUnavailable(provider, new Error(`${new URL(url).pathname} responded with ${status}`))
    }
    if (status >= 400) throw new ProviderRefusal(provider, body)
    return body
  }
}

/** RFC 6749 §5.2: a code that is over, a client that is not known. */
export class ProviderRefusal extends Error {
  /** RFC 6749 §5.2, where the provider gives one. */
  readonly reason: string

  constructor(provider: string, body: object) {
    const reason = (textOf(body, 'error') ?? 'no reason').slice(0, 64)
    super(`the provider ${provider} refused: ${reason}`)
    this.name = 'ProviderRefusal'
    this.reason = reason
  }
}

/** An object or a list, or undefined. */
export function parseJson(text: string): Json | readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Json | unknown[]) : undefined
  } catch {
    return undefined
  }
}

/** A field of a response, if it is a text and not empty. */
export function textOf(body: object, name: string): string | undefined {
  const value = (body as Json)[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
