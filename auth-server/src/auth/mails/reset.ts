import { APIError } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import type { Mails } from './mails.ts'

const OFF = { code: 'RESET_PASSWORD_DISABLED', message: 'This server sends no mails, so a password cannot be reset.' }
const DONE = 'If this email exists in our system, check your email for the reset link'

/**
 * In place of better-auth's, which looks for the user: here every address is the same work, and who has an account is found out when
 * the mail is sent. The link leads to the app's own page, so `redirectTo` means nothing.
 */
export const requestPasswordReset = (mails: Mails) =>
  createAuthEndpoint(
    '/request-password-reset',
    { method: 'POST', body: z.object({ email: z.email().max(254), redirectTo: z.string().optional() }) },
    async (ctx) => {
      if (!mails.isOn) throw APIError.from('BAD_REQUEST', OFF)
      await mails.request(ctx.context.adapter, { kind: 'reset-password', recipient: ctx.body.email })
      return ctx.json({ status: true, message: DONE })
    },
  )
