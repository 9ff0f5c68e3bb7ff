import { runWithTransaction, tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import { endLinks } from './links.ts'
import type { Adapter, Mails } from './mails.ts'

type InternalAdapter = AuthContext['internalAdapter']

/**
 * Mails that tell of a change, written with the change: both are there, or neither. better-auth has hooks, but runs them after its
 * transaction. Each function replaces methods of one object.
 */
export function mailChanges(internalAdapter: InternalAdapter, adapter: Adapter, mails: Mails): void {
  if (!mails.isOn) return
  mailNewUsers(internalAdapter, adapter, mails)
  mailChangedPasswords(internalAdapter, adapter, mails)
  mailChangedAddresses(internalAdapter, adapter, mails)
  mailDeletedUsers(internalAdapter, adapter, mails)
}

function mailNewUsers(internalAdapter: InternalAdapter, adapter: Adapter, mails: Mails): void {
  const { createUser } = internalAdapter
  internalAdapter.createUser = async <T extends object>(...given: Parameters<typeof createUser<T>>) => {
    const [, source] = given
    const created = await createUser<T>(...given)
    if (mails.isVerificationRequired && source?.method === 'email-password' && !created.emailVerified) {
      await mails.add(adapter, { kind: 'verify-email', recipient: created.email, userId: created.id })
    }
    return created
  }
}

function mailChangedPasswords(internalAdapter: InternalAdapter, adapter: Adapter, mails: Mails): void {
  const { updatePassword, updateAccount, createAccount, updateUser } = internalAdapter

  /** Whoever got here by a mailed link has shown whose address it is. */
  async function tell(userId: string): Promise<void> {
    const user = await internalAdapter.findUserById(userId)
    if (!user) return
    await endLinks(adapter, user)
    if (!user.emailVerified && isReset()) await updateUser(userId, { emailVerified: true })
    await mails.add(adapter, { kind: 'password-changed', recipient: user.email, userId })
  }

  internalAdapter.updatePassword = async (userId, password) => {
    await runWithTransaction(adapter, async () => {
      await updatePassword(userId, password)
      await tell(userId)
    })
  }

  internalAdapter.updateAccount = async (id, data) =>
    await runWithTransaction(adapter, async () => {
      const account = await updateAccount(id, data)
      if (account && data.password) await tell(account.userId)
      return account
    })

  internalAdapter.createAccount = async <T extends object>(account: Parameters<typeof createAccount<T>>[0]) =>
    await runWithTransaction(adapter, async () => {
      const created = await createAccount<T>(account)
      if (account.password && isReset()) await tell(account.userId)
      return created
    })
}

const isReset = () => tryGetCurrentAuthEndpointContext()?.path === '/reset-password'

function mailChangedAddresses(internalAdapter: InternalAdapter, adapter: Adapter, mails: Mails): void {
  const { updateUser } = internalAdapter
  internalAdapter.updateUser = async <T extends object>(...given: Parameters<typeof updateUser<T>>) => {
    const [userId, data] = given
    if (!data.email) return updateUser<T>(...given)
    return await runWithTransaction(adapter, async () => {
      const before = await internalAdapter.findUserById(userId)
      const user = await updateUser<T>(...given)
      if (!before || !user || before.email === user.email) return user
      await endLinks(adapter, before)
      const said = { newEmail: user.email }
      await mails.add(adapter, { kind: 'email-changed', recipient: before.email, userId, data: said })
      return user
    })
  }
}

function mailDeletedUsers(internalAdapter: InternalAdapter, adapter: Adapter, mails: Mails): void {
  const { deleteUser } = internalAdapter
  internalAdapter.deleteUser = async (userId) => {
    const user = await internalAdapter.findUserById(userId)
    await deleteUser(userId)
    if (!user) return
    await endLinks(adapter, user)
    await mails.add(adapter, { kind: 'account-deleted', recipient: user.email })
  }
}
