import { type Body, type Endpoints, POST } from '../endpoint.ts'

/**
 * Sign-in by a mailed link or code, at the paths of better-auth's plugins magicLink and emailOTP, which are not used:
 * docs/decisions/0064-sign-in-by-mail.md
 */
// biome-ignore format: a table reads by columns
export const MAILED_SIGN_IN = {
  '/sign-in/magic-link':                { methods: POST, session: 'made',   password: 'unused', mayEndSessions: false, limit: 'guessing' },
  '/email-otp/send-verification-otp':   { methods: POST, session: 'unused', password: 'unused', mayEndSessions: false, limit: 'default' },
  '/magic-link/verify':                 { methods: POST, session: 'made',   password: 'unused', mayEndSessions: true,  limit: 'guessing' },
  '/sign-in/email-otp':                 { methods: POST, session: 'made',   password: 'unused', mayEndSessions: true,  limit: 'guessing', guesses: 'email', complete: withBareCode },
} as const satisfies Endpoints

/** As somebody types or pastes it: `123 456`, `123-456`. */
function withBareCode(body: Body): Body {
  return typeof body.otp === 'string' ? { ...body, otp: body.otp.replace(/[\s\p{Cf}-]/gu, '') } : body
}
