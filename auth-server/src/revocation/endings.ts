import { randomUUID } from 'node:crypto'
import { createBarrier } from './barrier.ts'
import { FIRST_VERSION_LEASE_MS, sleepUntil, withMargin } from './lease-times.ts'
import type { Leases } from './leases.ts'
import type { Members } from './members.ts'
import type { PeerMessage } from './peers.ts'
import { Round } from './round.ts'

/** Resolves when every server that hears, this one included, has been told, after all that was committed before. */
export type Say = (message: PeerMessage) => Promise<void>

type Listening = { say: Say; ask: () => Promise<Round>; rounds: Map<number, Round> }
type Parts = { leaseMs: number; leases: Leases; members: Members }

/**
 * When does nobody accept any more what has been ended? When every server that may have leases out has told its
 * services, and each of them has acknowledged it or its lease is over. The question goes the way of the revocations, after
 * them: whoever hears it has heard those. What cannot be asked is answered by time, after the longest lease.
 */
export class Endings {
  /** Another one at each start: a server that has started again does not know its leases from before. */
  readonly id = randomUUID()
  readonly #leases: Leases
  readonly #members: Members
  readonly #minimumMs: number
  #listening: Listening | undefined
  #asked = 0

  constructor({ leaseMs, leases, members }: Parts) {
    this.#leases = leases
    this.#members = members
    // Beside servers of the first version, which are not heard: each of their leases has to be over.
    this.#minimumMs = leaseMs === FIRST_VERSION_LEASE_MS ? withMargin(leaseMs) : 0
  }

  listens(say: Say): void {
    this.#members.listens()
    const rounds: Listening['rounds'] = new Map()
    this.#listening = { say, rounds, ask: createBarrier(() => this.#ask(say, rounds)) }
  }

  /** What was asked or heard over that connection is answered by time. */
  deaf(): void {
    this.#listening = undefined
    this.#members.deaf()
  }

  /** Resolves when what was ended before the call is accepted by nobody; true if all have said so. Never rejects. */
  async settled(): Promise<boolean> {
    const calledAt = performance.now()
    const asking = new AbortController()
    const byTime = sleepUntil(calledAt + withMargin(this.#members.longestLeaseMs), asking.signal).then(() => false)
    const isAcknowledged = await Promise.race([this.#acknowledged().catch(never), byTime])
    asking.abort()
    await sleepUntil(calledAt + this.#minimumMs)
    return isAcknowledged
  }

  hear(message: PeerMessage): void {
    const listening = this.#listening
    if (!listening) return
    if (message.type === 'member') {
      if (message.id !== this.id) this.#members.hear(message.id, message.leaseMs)
    } else if (message.from === this.id) this.#proceed(listening.rounds.get(message.n), message)
    else if (message.type === 'barrier') void this.#respond(listening, message).catch(() => undefined)
  }

  #proceed(round: Round | undefined, message: Exclude<PeerMessage, { type: 'member' }>): void {
    if (message.type === 'done') round?.done(message.id)
    // At once: every sign of life before the barrier has been heard, and the lease of a later one comes after what was ended.
    else round?.decide(this.#members.current(), this.#leases.acknowledged())
  }

  /** Does not settle when the connection is lost meanwhile. */
  async #acknowledged(): Promise<boolean> {
    const listening = this.#listening
    if (!listening) return never()
    await sleepUntil(this.#members.knownAt)
    const round = await listening.ask()
    const isAcknowledged = await round.isAcknowledged
    return this.#listening === listening ? isAcknowledged : never()
  }

  /** Shared by those that came before it was sent. */
  async #ask(say: Say, rounds: Listening['rounds']): Promise<Round> {
    this.#asked += 1
    const n = this.#asked
    const round = new Round()
    rounds.set(n, round)
    void round.isAcknowledged.then(() => rounds.delete(n))
    await say({ type: 'barrier', n, from: this.id })
    return round
  }

  async #respond(listening: Listening, { n, from }: { n: number; from: string }): Promise<void> {
    await this.#leases.acknowledged()
    if (this.#listening === listening) await listening.say({ type: 'done', n, from, id: this.id })
  }
}

const never = () => new Promise<never>(() => undefined)
