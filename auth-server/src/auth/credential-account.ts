import type { AuthContext } from 'better-auth'

type Context = Pick<AuthContext, 'internalAdapter'>
type Account = {
  id: string
  providerId: string
  accountId: string
  userId: string
  password?: string | null | undefined
}

/**
 * better-auth takes a user's password only from the row whose `accountId` is the user's id. What other systems' migrations
 * write has the e-mail address there, or a number of theirs: a user's single `credential` row is that user's, whatever
 * it says. Of several, only one with the user's id counts: the others were never one user's choice of a password.
 */
export async function takeAnyCredentialRow(context: Promise<Context>): Promise<void> {
  const { internalAdapter } = await context
  const { findUserByEmail, findCredentialAccount, findAccounts, updatePassword, updateAccount } = internalAdapter

  internalAdapter.findUserByEmail = async (email, options) => {
    const found = await findUserByEmail(email, options)
    const account = found && credentialOf(found.accounts, found.user.id)
    if (!found || !account) return found
    const others = found.accounts.filter(({ id }) => id !== account.id)
    // Only in this answer: the row stays as it is.
    return { ...found, accounts: [...others, { ...account, accountId: found.user.id }] }
  }

  internalAdapter.findCredentialAccount = async (userId) =>
    (await findCredentialAccount(userId)) ?? credentialOf(await findAccounts(userId), userId) ?? null

  internalAdapter.updatePassword = async (userId, password) => {
    const account = await internalAdapter.findCredentialAccount(userId)
    if (!account || account.accountId === userId) return updatePassword(userId, password)
    await updateAccount(account.id, { password })
  }
}

function credentialOf<Row extends Account>(accounts: Row[], userId: string): Row | undefined {
  const rows = accounts.filter(({ providerId }) => providerId === 'credential')
  return rows.find(({ accountId }) => accountId === userId) ?? (rows.length === 1 ? rows[0] : undefined)
}
