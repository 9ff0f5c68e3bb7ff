import { beforeTime } from './lease-times.ts'

/** One question to all servers: who has to answer is decided when this server hears the question itself. */
export class Round {
  /** True when all have answered, false when the leases of some ran out first. Pending until it is decided. */
  readonly isAcknowledged: Promise<boolean>
  readonly #done = new Map<string, () => void>()
  #resolve: (isAcknowledged: Promise<boolean>) => void = () => undefined

  constructor() {
    this.isAcknowledged = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** @param members each with the time at which its leases are over. */
  decide(members: Map<string, number>, ownLeases: Promise<boolean>): void {
    const answers = [...members].map(([id, until]) => beforeTime(until, (settle) => this.#done.set(id, settle)))
    this.#resolve(Promise.all([ownLeases, ...answers]).then((all) => all.every(Boolean)))
  }

  /** Counts once for each of those that were asked, and for nobody else. */
  done(id: string): void {
    this.#done.get(id)?.()
  }
}
