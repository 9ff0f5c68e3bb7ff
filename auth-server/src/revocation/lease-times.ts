import { setTimeout as sleep } from 'node:timers/promises'

/** What a server of the first version grants, and what a service of it takes: see docs/session-cache.md. */
export const FIRST_VERSION_LEASE_MS = 50

/** For clocks that run at different rates, and for the last steps of a message out of this process. */
const MARGIN = { rate: 0.04, ms: 2 }

/** Time by this process's clock after which a lease of that length is over by anybody's. */
export function withMargin(leaseMs: number): number {
  return leaseMs * (1 + MARGIN.rate) + MARGIN.ms
}

/** Resolves never early by the monotonic clock, as a timer alone may; rejects when the signal is aborted. */
export async function sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
  for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
    await sleep(Math.ceil(left), undefined, { ...(signal && { signal }) })
  }
}

/** True when `settle` is called, which `begin` is given; false when that time has come first. */
export function beforeTime(at: number, begin: (settle: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const waiting = new AbortController()
    begin(() => {
      waiting.abort()
      resolve(true)
    })
    sleepUntil(at, waiting.signal).then(
      () => resolve(false),
      () => undefined,
    )
  })
}
