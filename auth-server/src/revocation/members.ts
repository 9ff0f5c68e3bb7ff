import { withMargin } from './lease-times.ts'

type Heard = { leaseMs: number; at: number }

/**
 * The other servers that may have leases out, by what was heard of them and by this process's clock alone. A server
 * tells of itself before each pong, so who has not been heard of for the length of its lease has none out. What is
 * missing here proves nothing until the LISTEN connection is as old as the longest lease that anybody may grant.
 */
export class Members {
  readonly #heard = new Map<string, Heard>()
  readonly #longestLeaseMs: number
  #knownAt = Number.POSITIVE_INFINITY

  constructor(longestLeaseMs: number) {
    this.#longestLeaseMs = longestLeaseMs
  }

  /** What was heard over an earlier connection is worth nothing: there is a gap since. */
  listens(): void {
    this.#heard.clear()
    this.#knownAt = performance.now() + withMargin(this.#longestLeaseMs)
  }

  deaf(): void {
    this.#heard.clear()
    this.#knownAt = Number.POSITIVE_INFINITY
  }

  /** By the clock of performance.now(): from then on nobody is missing. */
  get knownAt(): number {
    return this.#knownAt
  }

  hear(id: string, leaseMs: number): void {
    const before = this.#heard.get(id)?.leaseMs ?? 0
    this.#heard.set(id, { leaseMs: Math.max(before, leaseMs), at: performance.now() })
  }

  /** Until when each of them may have leases out that were granted by what it had told of itself so far. */
  current(): Map<string, number> {
    for (const [id, heard] of this.#heard) if (overAt(heard) <= performance.now()) this.#heard.delete(id)
    return new Map([...this.#heard].map(([id, heard]) => [id, overAt(heard)]))
  }

  /** How long anybody's lease may be. */
  get longestLeaseMs(): number {
    return Math.max(this.#longestLeaseMs, ...[...this.#heard.values()].map(({ leaseMs }) => leaseMs))
  }

  /** A server grants more than is allowed here: one that has just started would not wait for it. */
  get hasMisfit(): boolean {
    return this.current().size > 0 && this.longestLeaseMs > this.#longestLeaseMs
  }
}

const overAt = ({ leaseMs, at }: Heard) => at + withMargin(leaseMs)
