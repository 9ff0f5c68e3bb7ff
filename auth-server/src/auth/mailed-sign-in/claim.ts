import { getCurrentAdapter } from '@better-auth/core/context'
import type { GenericEndpointContext, User } from 'better-auth'
import type { Origin } from '../../audit/events.ts'
import { rowOf } from '../../audit/record.ts'
import { AUDIT_TABLE } from '../../audit/table.ts'
import { MAIL_TABLE } from '../../mail/table.ts'
import { endLinks } from '../mails/links.ts'

type Claim = {
  user: User
  /** The browser has a session of this account: whoever made it reads the mailbox too. */
  isTheirs: boolean
  origin: Origin | undefined
}

/**
 * Nobody has shown before whose address this is: somebody else may have signed up with it, and chosen the password. The first one who
 * shows it gets the account for themselves, so whatever was set up before opens it no more. Not the second factor: it
 * opens nothing, and who reads somebody's mails must not get past it.
 */
export async function claimAccount(ctx: GenericEndpointContext, { user, isTheirs, origin }: Claim) {
  const { internalAdapter } = ctx.context
  const verified = { ...user, emailVerified: true }
  if (isTheirs) {
    await internalAdapter.updateUser(user.id, { emailVerified: true })
    return { user: verified, isTakenOver: false, isPasswordGone: false }
  }
  const adapter = await getCurrentAdapter(ctx.context.adapter)
  const accounts = await internalAdapter.findAccounts(user.id)
  for (const model of ['account', 'passkey', 'trustedDevice']) {
    await adapter.deleteMany({ model, where: [{ field: 'userId', value: user.id }] })
  }
  // Such as one to another mailbox, that changes the address.
  await endLinks(ctx.context.adapter, user)
  await adapter.deleteMany({ model: MAIL_TABLE, where: [{ field: 'userId', value: user.id }] })
  await endSignedIn(ctx, user.id)
  await internalAdapter.updateUser(user.id, { emailVerified: true })
  for (const { providerId } of accounts) {
    const event = { type: 'sign-in-method-removed', userId: user.id, details: { provider: providerId } } as const
    await adapter.create({ model: AUDIT_TABLE, data: { ...rowOf(event, origin), createdAt: new Date() } })
  }
  return { user: verified, isTakenOver: true, isPasswordGone: accounts.some(({ password }) => Boolean(password)) }
}

/**
 * Sessions, and sign-ins that wait for their second factor. Once in the transaction of the claim, and once after it: a sign-in with the
 * old password that commits in between finds that password still there (docs/decisions/0037).
 */
export async function endSignedIn({ context }: GenericEndpointContext, userId: string): Promise<void> {
  const adapter = await getCurrentAdapter(context.adapter)
  await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: `second-factor:${userId}` }] })
  await context.internalAdapter.deleteUserSessions(userId)
}
