import type { Hashing, VerifyPassword } from '../../passwords/hash.ts'
import { MAX_COMPARED } from '../../passwords/rules.ts'
import { type Body, type Endpoints, GET, POST } from '../endpoint.ts'

/** Sign-in with an e-mail address and a password; a forgotten password; the verification of the address. */
// biome-ignore format: a table reads by columns
export const EMAIL_AND_PASSWORD = {
  '/sign-up/email':           { methods: POST, session: 'made',   password: 'set',      mayEndSessions: false, limit: 'guessing', complete: withName, alike: true, signsUp: true },
  '/sign-in/email':           { methods: POST, session: 'made',   password: 'verified', mayEndSessions: false, limit: 'guessing', guesses: 'email' },
  '/verify-password':         { methods: POST, session: 'used',   password: 'verified', mayEndSessions: false, limit: 'guessing' },
  '/change-password':         { methods: POST, session: 'used',   password: 'changed',  mayEndSessions: true,  limit: 'guessing', complete: endingOthers, ownerOnly: true },
  '/request-password-reset':  { methods: POST, session: 'unused', password: 'unused',   mayEndSessions: false, limit: 'default' },
  '/reset-password':          { methods: POST, session: 'unused', password: 'changed',  mayEndSessions: true,  limit: 'guessing' },
  // Not counted: the count goes by path, and this one ends in a secret. It would limit nothing, and keep the secret in clear.
  '/reset-password/:token':   { methods: GET,  session: 'unused', password: 'unused',   mayEndSessions: false, limit: 'none' },
  '/send-verification-email': { methods: POST, session: 'unused', password: 'unused',   mayEndSessions: false, limit: 'default' },
  '/verify-email':            { methods: GET,  session: 'unused', password: 'unused',   mayEndSessions: true,  limit: 'default' },
} as const satisfies Endpoints

/** `tellOwner`: somebody signed up with an address that has an account, and must not learn that. */
type Parts = {
  hash: Hashing['hash']
  verify: VerifyPassword
  minPasswordLength: number
  isVerificationRequired: boolean
  tellOwner: (user: { email: string; emailVerified: boolean }) => Promise<void>
}

export function emailAndPassword({ hash, verify, minPasswordLength, isVerificationRequired, tellOwner }: Parts) {
  return {
    enabled: true,
    minPasswordLength,
    // In UTF-16 units; passwords/rules.ts counts characters.
    maxPasswordLength: MAX_COMPARED * 2,
    revokeSessionsOnPasswordReset: true,
    requireEmailVerification: isVerificationRequired,
    onExistingUserSignUp: ({ user }: { user: Parameters<Parts['tellOwner']>[0] }) => tellOwner(user),
    password: { hash, verify },
  }
}

/** OWASP ASVS 7.4.3: better-auth would keep the others, and whoever stole one of them with it. */
function endingOthers(body: Body): Body {
  return { revokeOtherSessions: true, ...body }
}

/** A user without a name is called as the address says. */
function withName(body: Body): Body {
  return isBlank(body.name) ? { ...body, name: localPart(body.email) } : body
}

/** White space only. `trim` takes U+FEFF for it, which is no blank name but an invisible one. */
const BLANK = /^\p{White_Space}*$/u

function isBlank(name: unknown): boolean {
  return name === undefined || (typeof name === 'string' && BLANK.test(name))
}

/** Of what is no address, better-auth complains. */
function localPart(email: unknown): string {
  return typeof email === 'string' ? email.slice(0, Math.max(0, email.lastIndexOf('@'))) : ''
}
