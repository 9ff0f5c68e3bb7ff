import { beforeTime, FIRST_VERSION_LEASE_MS, withMargin } from './lease-times.ts'
import type { Fresh } from './protocol.ts'

/**
 * What the service at the other end of one connection may still hold. It ends by time, by the service's word, or by its
 * word on a newer connection; never because a connection was closed or broken: the service may not know that yet, and
 * uses its lease to the end.
 */
export class Lease {
  readonly #sync: (id: number) => boolean
  /** What waits for this lease, by the `sync` that was sent, or by a number that no service knows. */
  readonly #waiting = new Map<number | symbol, () => void>()
  #until = Number.NEGATIVE_INFINITY
  #fresh: Fresh | undefined
  #isEnded = false

  /** @param sync sends it over the connection; false where that is not open. */
  constructor(sync: (id: number) => boolean) {
    this.#sync = sync
  }

  /** By whose service: known once it has emptied its cache for this connection. One of the first version never says so. */
  get fresh(): Fresh | undefined {
    return this.#fresh
  }

  /** For good: the service takes no pong of this connection any more. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  get isOut(): boolean {
    return performance.now() < this.#until
  }

  begin(fresh: Fresh): void {
    this.#fresh = fresh
  }

  /** What a ping that comes now will earn. */
  earned(leaseMs: number): number {
    return this.#fresh ? leaseMs : FIRST_VERSION_LEASE_MS
  }

  /** Before the pong is sent. */
  extend(leaseMs: number): void {
    this.#until = Math.max(this.#until, performance.now() + withMargin(leaseMs))
  }

  end(): void {
    this.#isEnded = true
    this.#until = Number.NEGATIVE_INFINITY
    for (const settle of this.#waiting.values()) settle()
  }

  /** The service has applied everything that was sent to it before that `sync`, over this very connection. */
  synced(id: number): void {
    this.#waiting.get(id)?.()
  }

  /**
   * True when the service has acknowledged what was sent to it before, false when what it holds now has run out. A pong
   * that is sent later changes nothing: it comes after the `sync`, in order.
   */
  acknowledged(id: number): Promise<boolean> {
    const key = this.#fresh && this.#sync(id) ? id : Symbol('by time')
    return beforeTime(this.#until, (settle) => this.#waiting.set(key, settle)).finally(() => this.#waiting.delete(key))
  }
}

/** The leases of one server, also those of connections that are gone. */
export class Leases {
  readonly #out = new Set<Lease>()
  #syncs = 0

  /** The entry is here before the pong leaves. */
  extend(lease: Lease, leaseMs: number): void {
    lease.extend(leaseMs)
    this.#out.add(lease)
  }

  /** Ends those of the same process's older connections: it has dropped what they gave it. */
  begin(lease: Lease, fresh: Fresh): void {
    lease.begin(fresh)
    for (const other of this.#out) if (isOlder(other.fresh, fresh)) other.end()
  }

  current(): Lease[] {
    for (const lease of this.#out) if (!lease.isOut) this.#out.delete(lease)
    return [...this.#out]
  }

  /** Resolves when each lease that is out now has been acknowledged or is over; false if one of them by time. */
  async acknowledged(): Promise<boolean> {
    this.#syncs += 1
    const all = await Promise.all(this.current().map((lease) => lease.acknowledged(this.#syncs)))
    return all.every(Boolean)
  }
}

const isOlder = (one: Fresh | undefined, other: Fresh) => one?.process === other.process && one.n < other.n
