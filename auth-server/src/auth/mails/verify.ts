import { runWithTransaction } from '@better-auth/core/context'
import type { GenericEndpointContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import { createAuthEndpoint, getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { invalidLink, readLink, readVerification, useLink } from './links.ts'
import type { Mails } from './mails.ts'

/** In place of better-auth's: every address is the same work. */
export const sendVerificationEmail = (mails: Mails) =>
  createAuthEndpoint(
    '/send-verification-email',
    { method: 'POST', body: z.object({ email: z.email().max(254), callbackURL: z.string().optional() }) },
    async (ctx) => {
      if (!mails.isOn) throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.VERIFICATION_EMAIL_NOT_ENABLED)
      await mails.request(ctx.context.adapter, { kind: 'verify-email', recipient: ctx.body.email })
      return ctx.json({ status: true })
    },
  )

/**
 * The link alone shows whose mailbox it is, not whose account: somebody else may have signed up with this address and a password of
 * theirs, and waits for its owner to confirm it. So it also takes the password, or a session of the account. Who has
 * neither resets the password, which confirms the address too and ends whatever the other had. Signs in.
 */
export const confirmEmail = () =>
  createAuthEndpoint(
    '/verify-email/confirm',
    { method: 'POST', body: z.object({ token: z.string().max(512), password: z.string().optional() }) },
    async (ctx) => {
      const { internalAdapter, adapter } = ctx.context
      const identifier = `verify-email:${ctx.body.token}`
      const value = await readLink(internalAdapter, identifier)
      const { userId, email } = readVerification(value)
      const user = await internalAdapter.findUserById(userId)
      if (user?.email !== email) throw invalidLink()

      const current = await getSessionFromCtx(ctx)
      const isTheirs = current?.user.id === userId
      if (!isTheirs) await requireOwner(ctx, userId, ctx.body.password)
      await runWithTransaction(adapter, async () => {
        await useLink(internalAdapter, identifier, value)
        await internalAdapter.updateUser(userId, { emailVerified: true })
      })
      const session = isTheirs ? current.session : await internalAdapter.createSession(userId)
      const verified = { ...user, emailVerified: true }
      await setSessionCookie(ctx, { session, user: verified })
      return ctx.json({ status: true, token: session.token })
    },
  )

async function requireOwner({ context }: GenericEndpointContext, userId: string, password = ''): Promise<void> {
  const account = await context.internalAdapter.findCredentialAccount(userId)
  if (!account?.password) return // nobody has chosen one: the mailbox is all there is
  const isRight = await context.password.verify({ hash: account.password, password })
  if (!isRight) throw APIError.from('UNAUTHORIZED', BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD)
}
