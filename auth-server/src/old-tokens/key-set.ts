import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose'
import { HttpError } from '../errors.ts'
import { fetchText } from '../http/fetch-text.ts'
import type { Log } from '../log.ts'

const TIMES = {
  /** A service waits a second for a check, so an issuer that hangs must not take all of it. */
  waitMs: 500,
  timeoutMs: 3000,
  /** Of the keys; then they are asked for again, before one is used. A key that was withdrawn is noticed then. */
  refreshMs: 5 * 60_000,
  /** In an outage of the issuer. A key that it withdrew meanwhile may be one that was stolen. */
  staleMs: 60 * 60_000,
  /** Between two requests for the keys, whatever tokens come. */
  unknownKeyMs: 30_000,
  /** After a failure: the next one tries again. */
  retryMs: 5000,
}

/** More than any issuer has. */
const MAX_KEYS = 100

type Keys = { find: JWTVerifyGetKey; at: number }
type Token = Parameters<JWTVerifyGetKey>
type Key = Awaited<ReturnType<JWTVerifyGetKey>>
type Parts = { url: string; algorithm: string; log: Log; times?: Partial<typeof TIMES> }

/**
 * The keys of an issuer (RFC 7517). A token names its key, and never where to get it: only the configured address is asked. What cannot be
 * known is OLD_TOKEN_KEYS_UNAVAILABLE, never "nobody".
 */
export class KeySet {
  readonly #parts: Parts
  readonly #times
  #keys: Keys | undefined
  #failedAt = Number.NEGATIVE_INFINITY
  #isFailing = false
  #asking: Promise<void> | undefined
  /** However many wait for one response, and whenever they come. */
  #waitUntil = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#times = { ...TIMES, ...parts.times }
  }

  /** For jose, each of them. Throws JWKSNoMatchingKey for a key that the issuer does not have. */
  readonly find: Record<'recent' | 'current', JWTVerifyGetKey> = {
    /** In an outage, of the keys that were read last. */
    recent: (...token) => this.#find(token, this.#times.staleMs),
    current: (...token) => this.#find(token, this.#times.refreshMs),
  }

  /** So that the first token need not wait. */
  prepare(): void {
    void this.#ask().catch(() => undefined)
  }

  #age(): number {
    return performance.now() - (this.#keys?.at ?? Number.NEGATIVE_INFINITY)
  }

  /** A key that was read a while ago may be withdrawn: then it is accepted only where the keys cannot be had again. */
  async #find(token: Token, maxAgeMs: number): Promise<Key> {
    const atHand = await this.#findAtHand(token)
    if (atHand?.key !== undefined && this.#age() < this.#times.refreshMs) return atHand.key
    try {
      // Tokens of keys that nobody knows must not wait for an issuer that hangs, one beside the other.
      const isHopeless = atHand?.key === undefined && (atHand !== undefined || this.#isFailing)
      if (isHopeless && this.#asking !== undefined) throw new HttpError('OLD_TOKEN_KEYS_UNAVAILABLE')
      await this.#ask()
    } catch (error) {
      if (atHand?.key === undefined || this.#age() >= maxAgeMs) throw error
    }
    return this.#found(token)
  }

  /** Undefined: there are no keys. Without a key: this one is not among them, and should be asked for. */
  async #findAtHand(token: Token): Promise<{ key?: Key } | undefined> {
    if (this.#age() >= this.#times.staleMs) return undefined
    try {
      return { key: await this.#found(token) }
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey
      const askAfterMs = isUnknown ? this.#times.unknownKeyMs : this.#times.refreshMs
      if (this.#age() < askAfterMs && !(isUnknown && this.#isFailing)) throw error
      return {}
    }
  }

  async #found(token: Token): Promise<Key> {
    if (this.#keys === undefined) throw new HttpError('OLD_TOKEN_KEYS_UNAVAILABLE')
    return this.#keys.find(...token)
  }

  /** One request at a time. Rejects where the keys cannot be had, or not soon enough for those who wait. */
  async #ask(): Promise<void> {
    const now = performance.now()
    if (now - this.#failedAt < this.#times.retryMs) throw new HttpError('OLD_TOKEN_KEYS_UNAVAILABLE')
    if (this.#asking === undefined) {
      this.#waitUntil = now + this.#times.waitMs
      this.#asking = this.#read().finally(() => {
        this.#asking = undefined
      })
    }
    await within(this.#asking, Math.max(0, this.#waitUntil - now))
  }

  async #read(): Promise<void> {
    const { url, algorithm, log } = this.#parts
    try {
      const keys = await readKeys(url, algorithm, this.#times.timeoutMs)
      this.#keys = { find: createLocalJWKSet(keys), at: performance.now() }
      if (this.#isFailing) log.warn('the keys of old tokens can be had again')
      this.#isFailing = false
    } catch (error) {
      this.#failedAt = performance.now()
      if (!this.#isFailing) log.error({ err: error }, 'the keys of old tokens cannot be had: check OLD_TOKENS_JWKS_URL')
      this.#isFailing = true
      throw new HttpError('OLD_TOKEN_KEYS_UNAVAILABLE', { cause: error })
    }
  }
}

/** Throws where the issuer sends none that can verify. */
export async function readKeys(url: string, algorithm: string, timeoutMs: number): Promise<JSONWebKeySet> {
  const { status, text } = await fetchText(url, { signal: AbortSignal.timeout(timeoutMs) })
  if (status !== 200) throw new Error(`it responded with ${status}`)
  return keysFor(algorithm, text)
}

const KINDS: Record<string, string> = { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' }

/** Those that can verify. Throws where there is none: then it is no key set, or one of another kind. */
function keysFor(algorithm: string, text: string): JSONWebKeySet {
  const { keys } = JSON.parse(text) as { keys?: unknown }
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new Error('it sent no key set')
  const usable = keys.filter(
    (key: JWK | null): key is JWK => typeof key === 'object' && key?.kty === KINDS[algorithm.slice(0, 2)],
  )
  if (usable.length === 0) throw new Error(`it has no key for ${algorithm}`)
  return { keys: usable }
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpError('OLD_TOKEN_KEYS_UNAVAILABLE')), milliseconds)
  })
  // It goes on for the tokens that come later.
  work.catch(() => undefined)
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
