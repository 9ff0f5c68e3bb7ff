import type { EventEmitter } from 'node:events'
import pg from 'pg'
import { READ_ONLY } from './primary.ts'

/** A pool that can leave where it is connected to: a former primary goes on responding, and ends no connection. */
export class RenewablePool extends pg.Pool {
  readonly #made: { current: WeakSet<object> }

  /** @param Base what its connections are. */
  constructor(options: pg.PoolConfig, Base: typeof pg.Client = pg.Client) {
    const made = { current: new WeakSet<object>() }
    // Noted when it is made: one that is still being opened may lead to where the others do.
    const Client = class extends Base {
      constructor(config?: pg.ClientConfig) {
        super(config)
        made.current.add(this)
      }
    }
    super({ ...options, Client } as pg.PoolConfig)
    this.#made = made
    this.on('release', (_error, client) => {
      if (!made.current.has(client)) void (client as unknown as pg.Client).end()
    })
  }

  /** Idle connections leave at once. One in use finishes its work, which would be a 503 otherwise, and leaves then. */
  renew(): void {
    this.#made.current = new WeakSet()
    for (let idle = this.idleCount; idle > 0; idle--) {
      this.connect().then(
        (client) => client.release(),
        () => undefined, // the pool has ended
      )
    }
  }
}

/** A write was refused by a standby: so would be the next one, on every connection that was made like this one. */
export function onReadOnly(pools: readonly pg.Pool[], act: () => void): void {
  for (const pool of pools) {
    pool.on('connect', (client) => {
      // node-postgres has no other place that sees the error of every statement.
      const { connection } = client as unknown as { connection: EventEmitter }
      connection.on('errorMessage', ({ code }: { code?: string }) => {
        if (code === READ_ONLY) act()
      })
    })
  }
}
