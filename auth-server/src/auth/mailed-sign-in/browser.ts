import { randomBytes } from 'node:crypto'
import type { GenericEndpointContext } from 'better-auth'
import { browserOf } from '../../mail/codes.ts'

const COOKIE = 'sign_in_browser'
const SECRET = /^[\w-]{43}$/
/** A mail may be late; its code is valid from its delivery on. */
const MAX_AGE_SECONDS = 60 * 60

/**
 * A code works only in the browser that asked for it: a stranger, who can ask for one too, has another one in another browser, and
 * can neither try the owner's nor use up its tries. Kept while it is valid: a code that was mailed before still works.
 */
export function markBrowser(ctx: GenericEndpointContext): string {
  const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: MAX_AGE_SECONDS })
  const secret = secretOf(ctx) ?? randomBytes(32).toString('base64url')
  ctx.setCookie(name, secret, attributes)
  return browserOf(secret)
}

/** Of one that has never asked, another one each time. */
export function readBrowser(ctx: GenericEndpointContext): string {
  return browserOf(secretOf(ctx) ?? randomBytes(32).toString('base64url'))
}

function secretOf(ctx: GenericEndpointContext): string | undefined {
  const value = ctx.getCookie(ctx.context.createAuthCookie(COOKIE).name)
  return value && SECRET.test(value) ? value : undefined
}
