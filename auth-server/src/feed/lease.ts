/**
 * How long a service may use a cached answer after the ping that confirmed it. Part of the protocol: the services'
 * package has the same number. See docs/session-cache.md and contract/lease.json.
 */
export const LEASE_MS = 50

/** Clocks that run at different speeds, and the answer's last steps out of this process. */
const MARGIN_MS = 2

/** From the commit that ends a session to its acknowledgement: by then the last lease from before it has run out. */
export const HOLD_MS = LEASE_MS + MARGIN_MS
