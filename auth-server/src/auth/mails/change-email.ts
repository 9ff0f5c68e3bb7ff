import { runWithTransaction } from '@better-auth/core/context'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import { requireFresh } from './fresh.ts'
import { invalidLink, readChange, readLink, useLink } from './links.ts'
import type { Mails } from './mails.ts'

const SAME = { code: 'EMAIL_IS_THE_SAME', message: 'This is the address that the account has already.' }

/**
 * In place of better-auth's, whose links can be used again. First the old address confirms, if it is one that was verified; then
 * the new one. Whether the new one is taken is not said: its owner gets a mail.
 */
export const changeEmail = (mails: Mails) =>
  createAuthEndpoint(
    '/change-email',
    {
      method: 'POST',
      use: [sensitiveSessionMiddleware],
      body: z.object({
        newEmail: z.email().max(254),
        password: z.string().optional(),
        callbackURL: z.string().optional(),
      }),
    },
    async (ctx) => {
      if (!mails.isOn) throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.CHANGE_EMAIL_DISABLED)
      const { session, adapter } = ctx.context
      const { id: userId, email, emailVerified } = session.user
      const newEmail = ctx.body.newEmail.toLowerCase()
      await requireFresh(ctx, session, ctx.body.password)
      if (newEmail === email) throw APIError.from('BAD_REQUEST', SAME)
      if (emailVerified) {
        const data = { newEmail }
        await mails.request(adapter, { kind: 'confirm-email-change', recipient: email, userId, data })
      } else {
        const data = { oldEmail: email }
        await mails.request(adapter, { kind: 'verify-new-email', recipient: newEmail, userId, data })
      }
      return ctx.json({ status: true, confirmAt: emailVerified ? 'old' : 'new' })
    },
  )

/** Both links lead here. No session: the mailbox is on another device as often as not. */
export const confirmChange = (mails: Mails) =>
  createAuthEndpoint(
    '/change-email/confirm',
    { method: 'POST', body: z.object({ token: z.string().max(512) }) },
    async (ctx) => {
      const { internalAdapter, adapter } = ctx.context
      const identifier = `change-email:${ctx.body.token}`
      const value = await readLink(internalAdapter, identifier)
      const { userId, change } = readChange(value)
      await runWithTransaction(adapter, async () => {
        await useLink(internalAdapter, identifier, value)
        const user = await internalAdapter.findUserById(userId)
        if (user?.email !== change.from) throw invalidLink()
        if (change.confirmedBy === 'new') {
          await internalAdapter.updateUser(userId, { email: change.to, emailVerified: true })
          return
        }
        const data = { oldEmail: change.from }
        await mails.add(adapter, { kind: 'verify-new-email', recipient: change.to, userId, data })
      })
      return ctx.json({ status: true, confirmAt: change.confirmedBy === 'old' ? 'new' : null })
    },
  )
