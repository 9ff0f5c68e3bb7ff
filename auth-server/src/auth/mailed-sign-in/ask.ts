import type { GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import type { Mails } from '../mails/mails.ts'
import type { Observation } from '../observation.ts'
import { markBrowser } from './browser.ts'

const LINK_OFF = { code: 'MAGIC_LINK_DISABLED', message: 'This server sends no links to sign in with.' }
const CODE_OFF = { code: 'EMAIL_CODE_DISABLED', message: 'This server sends no codes to sign in with.' }

/** A longer one would not fit into a mail's line. */
const NEXT_MAX = 512
const email = z.email().max(254)

type Asked = {
  mails: Mails
  env: { MAGIC_LINK: boolean; EMAIL_CODE: boolean }
  observation: Pick<Observation, 'current'>
}

/** One mail has whatever is switched on, whichever of the two is asked for. Every address is the same work, and nobody is looked up. */
async function ask(ctx: GenericEndpointContext, asked: Asked, body: { email: string; callbackURL?: string }) {
  const { mails, env, observation } = asked
  const next = body.callbackURL
  const data = {
    ...(env.EMAIL_CODE && { askedIn: markBrowser(ctx) }),
    ...(next && next.length <= NEXT_MAX && { next }),
  }
  const { knownDevice } = observation.current ?? {}
  await mails.request(ctx.context.adapter, { kind: 'sign-in', recipient: body.email, data }, knownDevice)
}

/** `callbackURL`: the page of the app that the link leads to in the end. It was checked before: redirects.ts. */
export const askForLink = (asked: Asked) =>
  createAuthEndpoint(
    '/sign-in/magic-link',
    { method: 'POST', body: z.object({ email, callbackURL: z.string().optional() }) },
    async (ctx) => {
      if (!asked.env.MAGIC_LINK) throw APIError.from('BAD_REQUEST', LINK_OFF)
      const { callbackURL } = ctx.body
      await ask(ctx, asked, { email: ctx.body.email, ...(callbackURL && { callbackURL }) })
      return ctx.json({ status: true })
    },
  )

export const askForCode = (asked: Asked) =>
  createAuthEndpoint(
    '/email-otp/send-verification-otp',
    { method: 'POST', body: z.object({ email, type: z.literal('sign-in').optional() }) },
    async (ctx) => {
      if (!asked.env.EMAIL_CODE) throw APIError.from('BAD_REQUEST', CODE_OFF)
      await ask(ctx, asked, ctx.body)
      return ctx.json({ success: true })
    },
  )
