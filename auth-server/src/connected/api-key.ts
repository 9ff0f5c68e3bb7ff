import { ProviderUnavailable, parseJson, TIMEOUT_MS } from '../auth/providers/request.ts'
import type { ApiKeyService } from '../env-connected.ts'
import { HttpError } from '../errors.ts'
import { fetchText } from '../http/fetch-text.ts'
import { labelOf } from './label.ts'

/** What fits into a header, and no more than keys have. */
const KEY = /^[\x21-\x7e]{8,4096}$/
const [HINT_LENGTH, HINT_FROM] = [4, 16]

/** A key as it was pasted, without what was copied around it. Throws INVALID_API_KEY. */
export function readKey({ pattern }: ApiKeyService, pasted: unknown): string {
  const key = typeof pasted === 'string' ? pasted.trim() : ''
  if (!KEY.test(key) || pattern?.test(key) === false) throw new HttpError('INVALID_API_KEY')
  return key
}

/**
 * Asks the service whether the key is right; gives whose it is, or null. The address is the operator's, and no redirect of it is
 * followed. Throws INVALID_API_KEY, or ProviderUnavailable where the service did not say.
 */
export async function checkKey({ id, checkUrl, checkHeader }: ApiKeyService, key: string): Promise<string | null> {
  if (checkUrl === undefined) return null
  const headers: Record<string, string> = checkHeader ? { [checkHeader]: key } : { authorization: `Bearer ${key}` }
  const { status, text } = await fetchText(checkUrl, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw new ProviderUnavailable(id, cause)
    },
  )
  if (status === 401 || status === 403) throw new HttpError('INVALID_API_KEY')
  if (status < 200 || status > 299) throw new ProviderUnavailable(id, new Error(`it responded with ${status}`))
  const body = parseJson(text)
  return body === undefined ? null : labelOf(body)
}

/** How users tell their keys apart: the end, where enough is left that nobody knows. */
export const hintOf = (key: string) => (key.length >= HINT_FROM ? key.slice(-HINT_LENGTH) : null)
