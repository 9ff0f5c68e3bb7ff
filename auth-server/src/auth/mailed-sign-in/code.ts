import { createHash, timingSafeEqual } from 'node:crypto'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import { codeIdentifier, hashOfCode } from '../../mail/codes.ts'
import type { Consume } from '../mails/mails.ts'
import { readBrowser } from './browser.ts'
import { type Finishing, finish } from './finish.ts'

/** Of one code; with the next one they begin again. */
const TRIES = { window: 10 * 60, max: 5 }

/** One for all: a code that is wrong, used, too old or tried too often, and an address that has none. */
const INVALID = { code: 'INVALID_OTP', message: 'This code is wrong, or is valid no more.' }
const invalidCode = () => APIError.from('UNAUTHORIZED', INVALID)

/** A try is counted before the code is looked at, so any number at once are that many; and so where there is none, which takes as long. */
export const signInByCode = (finishing: Finishing, consume: Consume) =>
  createAuthEndpoint(
    '/sign-in/email-otp',
    {
      method: 'POST',
      body: z.object({ email: z.email().max(254), otp: z.string().max(64), rememberMe: z.boolean().optional() }),
    },
    async (ctx) => {
      const { internalAdapter, secret } = ctx.context
      const email = ctx.body.email.toLowerCase()
      const identifier = codeIdentifier(readBrowser(ctx), email)
      const found = await internalAdapter.findVerificationValue(identifier)
      const counted = createHash('sha256')
        .update(found?.id ?? identifier)
        .digest('base64url')
      const { allowed } = await consume(`sign-in-code|${counted}`, TRIES)
      const { userId, hash } = readCode(found?.value ?? '')
      const isRight = timingSafeEqual(hashOfCode(secret, identifier, ctx.body.otp), hash)
      if (userId !== undefined) finishing.observation.note({ soughtUser: userId })
      if (!found || userId === undefined || !allowed || !isRight) throw invalidCode()
      const key = { identifier, value: found.value }
      return finish(ctx, finishing, { userId, email, key, refusal: invalidCode })
    },
  )

function readCode(value: string): { userId: string | undefined; hash: Buffer } {
  const [, userId, hash = ''] = /^sign-in-code:([^:]+):([\w-]{43})$/.exec(value) ?? []
  return { userId, hash: userId === undefined ? NO_HASH : Buffer.from(hash, 'base64url') }
}

const NO_HASH = Buffer.alloc(32)
