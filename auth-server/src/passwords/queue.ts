import { HttpError } from '../errors.ts'

/** `waiting`: how many requests may wait, in addition to the `atOnce` that are inside. */
type Limits = { atOnce: number; waiting: number; waitMs: number }

/**
 * Lets some requests in at once and the others wait, first come first served. Outside of better-auth: inside, sign-up
 * already holds a database connection while it hashes, so a queue there would starve all other requests of connections.
 */
export class HashingQueue {
  readonly #limits: Limits
  readonly #line = new Set<() => void>()
  #inside = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get waiting(): number {
    return this.#line.size
  }

  get isFull(): boolean {
    return this.waiting >= this.#limits.waiting
  }

  /** Resolves with the function that gives the place back. Throws TOO_BUSY. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new HttpError('TOO_BUSY')
    if (this.#inside >= this.#limits.atOnce) await this.#waitInLine(signal)
    else this.#inside += 1
    let isInside = true
    return () => {
      if (isInside) this.#leave()
      isInside = false
    }
  }

  /** The place goes to the request that has waited longest, or becomes free. */
  #leave(): void {
    const [admitNext] = this.#line
    if (admitNext) admitNext()
    else this.#inside -= 1
  }

  #waitInLine(signal: AbortSignal): Promise<void> {
    if (this.isFull) throw new HttpError('TOO_BUSY')
    return new Promise((resolve, reject) => {
      const leaveLine = (settle: () => void) => () => {
        this.#line.delete(admit)
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        settle()
      }
      const admit = leaveLine(resolve)
      const giveUp = leaveLine(() => reject(new HttpError('TOO_BUSY')))
      const timer = setTimeout(giveUp, this.#limits.waitMs)
      signal.addEventListener('abort', giveUp)
      this.#line.add(admit)
    })
  }
}

/**
 * Delays refusals. A client that comes again at once, past Retry-After, would come thousands of times a second: the
 * refusals alone would keep session checks waiting. Of more than `atOnce` at the same time, the rest is not delayed.
 */
export class RefusalDelay {
  readonly #meanMs: number
  readonly #atOnce: number
  #delayed = 0

  constructor({ meanMs, atOnce }: { meanMs: number; atOnce: number }) {
    this.#meanMs = meanMs
    this.#atOnce = atOnce
  }

  async wait(): Promise<void> {
    if (this.#delayed >= this.#atOnce) return
    this.#delayed += 1
    // Spread: clients that are refused together would come again together.
    await new Promise((resolve) => setTimeout(resolve, this.#meanMs * (0.5 + Math.random())))
    this.#delayed -= 1
  }
}
