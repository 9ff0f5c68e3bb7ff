import type { Log } from '../log.ts'
import type { Outcome } from './deliver.ts'
import type { MailMetrics } from './metrics.ts'
import type { Mail, Outbox } from './outbox.ts'

type Deliver = (mail: Mail, signal: AbortSignal) => Promise<Outcome>
type Parts = { outbox: Outbox; deliver: Deliver; metrics: MailMetrics; log: Log; timing?: Timing }
type Timing = typeof TIMING

const TIMING = {
  atOnce: 5,
  /** Others may have written mails, or have died with some. */
  lookEveryMs: 30_000,
  /** While the database is unavailable. */
  pauseMs: 5000,
  /** Doubles with each attempt. */
  firstRetrySeconds: 10,
  maxRetrySeconds: 1800,
  giveUpAfterDays: 4,
  stopWithinMs: 5000,
}

/**
 * Delivers what is in the outbox, for as long as the process lives. Any number of servers share the work: a mail is claimed before it
 * is sent. With nothing to do it looks twice a minute; `wake` makes it look now.
 */
export class MailWorker {
  readonly #parts: Parts
  readonly #timing: Timing
  readonly #active = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #isWoken = false
  #isStopping = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#timing = { ...TIMING, ...parts.timing }
    this.#sleep(0)
  }

  /** There is something new in the outbox. */
  wake(): void {
    this.#isWoken = true
    this.#look()
  }

  /** Mails that are on their way get a few seconds. What is not done then is due again. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isStopping = true
    const abort = setTimeout(() => this.#stop.abort(), this.#timing.stopWithinMs)
    await this.#looking
    await Promise.all(this.#active)
    clearTimeout(abort)
    clearTimeout(this.#timer)
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (this.#isStopping) return
    this.#timer = setTimeout(() => this.#look(), milliseconds)
    this.#timer.unref()
  }

  /** One look at a time; one that is asked for meanwhile comes after it. */
  #look(): void {
    if (this.#looking || this.#isStopping) return
    this.#looking = this.#takeDue()
      .catch((error: unknown) => {
        this.#parts.log.warn({ err: error }, 'mails cannot be read from the database, trying again')
        return this.#timing.pauseMs
      })
      .then((pause) => {
        this.#looking = undefined
        if (this.#isWoken && this.#active.size < this.#timing.atOnce) this.#look()
        else this.#sleep(pause)
      })
  }

  /** Starts what is due, as much as may run at once. How long to wait then, in milliseconds. */
  async #takeDue(): Promise<number> {
    const { outbox } = this.#parts
    this.#isWoken = false
    while (this.#active.size < this.#timing.atOnce && !this.#isStopping) {
      const mail = await outbox.claim()
      if (mail === undefined) {
        const { dueInSeconds } = await outbox.look()
        return Math.min(Math.max((dueInSeconds ?? Number.POSITIVE_INFINITY) * 1000, 50), this.#timing.lookEveryMs)
      }
      this.#start(mail)
    }
    return this.#timing.lookEveryMs // the first that is done looks
  }

  #start(mail: Mail): void {
    const done = this.#attempt(mail)
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error, mail: mail.id, kind: mail.kind }, 'a mail could not be worked on')
      })
      .finally(() => {
        this.#active.delete(done)
        this.wake()
      })
    this.#active.add(done)
  }

  async #attempt(mail: Mail): Promise<void> {
    const { outbox, deliver, metrics, log } = this.#parts
    const outcome = await deliver(mail, this.#stop.signal)
    const about = { mail: mail.id, kind: mail.kind, attempt: mail.attempts }
    if (outcome === 'sent' || outcome === 'needless') {
      await outbox.remove(mail.id)
      metrics.count(outcome, mail.kind)
      return
    }
    if (outcome.kind === 'too-soon') return outbox.defer(mail.id, outcome.seconds, 'unsent')
    const isOver = Date.now() - mail.createdAt.getTime() > this.#timing.giveUpAfterDays * 86_400_000
    if (outcome.kind === 'refused' || isOver) {
      await outbox.remove(mail.id)
      metrics.count('failed', mail.kind)
      log.error({ ...about, code: outcome.code }, 'a mail was given up: the mail server does not accept it')
      return
    }
    const seconds = this.#stop.signal.aborted ? 0 : this.#retrySeconds(mail.attempts)
    await outbox.defer(mail.id, seconds, outcome.kind === 'unavailable' ? 'unsent' : 'unknown')
    metrics.count('deferred', mail.kind)
    log.warn({ ...about, code: outcome.code, seconds: Math.round(seconds) }, 'a mail was not accepted, trying again')
  }

  /** Jittered, so that what failed together does not come back together. */
  #retrySeconds(attempts: number): number {
    const { firstRetrySeconds, maxRetrySeconds } = this.#timing
    return Math.min(firstRetrySeconds * 2 ** Math.min(attempts - 1, 20), maxRetrySeconds) * (0.5 + Math.random() / 2)
  }
}
