import { runWithTransaction } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'

/** The adapter's own type carries all of the options, which matter to nothing here. */
type Context = Pick<AuthContext, 'internalAdapter'> & { adapter: object }

/**
 * better-auth deletes a user's sessions, accounts and row one after the other. Where the row cannot go, because a table
 * of somebody else needs it, the user would be left without a password: all of them go, or none.
 */
export async function deleteUsersWhole(context: Promise<Context>): Promise<void> {
  const { internalAdapter, adapter } = await context
  const transactional = adapter as AuthContext['adapter']
  const { deleteUser } = internalAdapter
  internalAdapter.deleteUser = async (userId) => {
    await runWithTransaction(transactional, async () => deleteUser(userId))
  }
}
