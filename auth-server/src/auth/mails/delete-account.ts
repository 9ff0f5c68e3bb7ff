import { runWithTransaction } from '@better-auth/core/context'
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { deleteSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { LINK_VALUES } from '../../mail/links.ts'
import { requireFresh } from './fresh.ts'
import { invalidLink, readLink, useLink } from './links.ts'
import type { Mails } from './mails.ts'

const MAILED = { success: true, message: 'Verification email sent' }
const DELETED = { success: true, message: 'User deleted' }

/**
 * In place of better-auth's, which deletes on a GET too. The mailed link counts for its user's session only, so a mail that is forwarded
 * deletes nothing. Without mails the password, or a new sign-in, is enough.
 */
export const deleteUser = (mails: Mails) =>
  createAuthEndpoint(
    '/delete-user',
    {
      method: 'POST',
      use: [sensitiveSessionMiddleware],
      body: z.object({
        password: z.string().optional(),
        token: z.string().max(512).optional(),
        callbackURL: z.string().optional(),
      }),
    },
    async (ctx) => {
      const { internalAdapter, adapter, session } = ctx.context
      const { id: userId, email: recipient } = session.user
      const { token, password } = ctx.body
      if (token === undefined) {
        await requireFresh(ctx, session, password)
        if (mails.isOn) {
          await mails.request(adapter, { kind: 'delete-account', recipient, userId })
          return ctx.json(MAILED)
        }
      }
      await runWithTransaction(adapter, async () => {
        if (token !== undefined) {
          const identifier = `delete-account:${token}`
          const value = await readLink(internalAdapter, identifier)
          if (value !== LINK_VALUES.deletion(userId)) throw invalidLink()
          await useLink(internalAdapter, identifier, value)
        }
        await internalAdapter.deleteUser(userId)
      })
      deleteSessionCookie(ctx)
      return ctx.json(DELETED)
    },
  )
