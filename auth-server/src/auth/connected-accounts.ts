import { queueAfterTransactionHook } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'

/**
 * A connected service is a row of `account` with this before its id. No provider that users sign in at can be called so, and no way
 * into the account comes of it.
 */
const PREFIX = 'connected:'

export const connectedProviderId = (service: string) => `${PREFIX}${service}`
export const serviceOf = (providerId: string) => providerId.slice(PREFIX.length)
/** For a WHERE: all connected services, with `account` as `a`. */
export const IS_CONNECTED_SERVICE = `a."providerId" LIKE '${PREFIX}%'`

/** Columns that better-auth's table has not. It reads and writes none of them. */
export const CONNECTION_FIELDS = {
  /** Whose account it is at the service, as the service says. */
  label: { type: 'string', required: false, input: false, returned: false },
  /** The service has said that its tokens are worth nothing any more. */
  revokedAt: { type: 'date', required: false, input: false, returned: false },
  /** Until then one process refreshes the tokens, and no other may. */
  refreshLeaseUntil: { type: 'date', required: false, input: false, returned: false },
} as const

type InternalAdapter = AuthContext['internalAdapter']
/** Reads what a user's connections are, before the user is deleted; the result ends them at the services. */
export type ReadConnections = (userId: string) => Promise<() => Promise<void>>

/**
 * better-auth takes every row of `account` for a way to sign in: it would list a connected service as one, count it as the last way
 * in, remove it, and hand out its tokens.
 */
export function hideConnectedServices(internalAdapter: InternalAdapter): void {
  const { findAccounts } = internalAdapter
  internalAdapter.findAccounts = async (userId) =>
    (await findAccounts(userId)).filter(({ providerId }) => !providerId.startsWith(PREFIX))
}

/** With a user the rows go. What they were for ends at the services too, once that is committed. */
export function endConnectionsOfDeleted(internalAdapter: InternalAdapter, readConnections: ReadConnections): void {
  const { deleteUser } = internalAdapter
  internalAdapter.deleteUser = async (userId) => {
    const end = await readConnections(userId)
    await deleteUser(userId)
    await queueAfterTransactionHook(end)
  }
}
