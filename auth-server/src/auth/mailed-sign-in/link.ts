import { createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import { invalidLink, readLink } from '../mails/links.ts'
import { type Finishing, finish } from './finish.ts'

/**
 * In any browser: a mail is read on another device as often as not. The page asks for a click, and says whose account it is; that
 * address has to be the link's, so nobody is led into the account of whoever sent them a link of their own.
 */
export const signInByLink = (finishing: Finishing) =>
  createAuthEndpoint(
    '/magic-link/verify',
    {
      method: 'POST',
      body: z.object({ token: z.string().max(512), email: z.string().max(254), rememberMe: z.boolean().optional() }),
    },
    async (ctx) => {
      const email = ctx.body.email.toLowerCase()
      const identifier = `sign-in-link:${ctx.body.token}`
      const value = await readLink(ctx.context.internalAdapter, identifier)
      const [, userId = ''] = /^sign-in-link:([^:]+):/.exec(value) ?? []
      return finish(ctx, finishing, { userId, email, key: { identifier, value }, refusal: invalidLink })
    },
  )
