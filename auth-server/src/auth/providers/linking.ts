import type { BetterAuthOptions, GenericEndpointContext } from 'better-auth'

export type Validate = NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']>

/** When an account of a provider becomes a way into a user. */
export const LINKING = {
  enabled: true,
  // Nobody knows yet whose an unverified address is: whoever signed up with it first would keep a password for the other's account.
  requireLocalEmailVerified: true,
  // From within a session: many have another address at a provider.
  allowDifferentEmails: true,
  updateUserInfoOnLink: false,
  // last-way-in.ts decides which is the last one; better-auth counts rows.
  allowUnlinkingAll: true,
} as const

/** A new user whose address the provider has not verified may be anybody: nothing is kept of them. */
export const requireVerified: Validate = ({ user, source }) => {
  const isNew = source.method === 'oauth' && source.action === 'create-user'
  return isNew && user.emailVerified !== true ? { error: 'email_not_verified' } : undefined
}

type Account = Record<string, unknown>

/** A sign-in needs a provider's tokens for a moment. What is not kept cannot be stolen. */
export async function keepNoTokens(account: Account, _context?: GenericEndpointContext | null) {
  const data = { ...account }
  for (const name of TOKENS) if (name in data) data[name] = null
  return { data }
}

const TOKENS = ['accessToken', 'refreshToken', 'idToken', 'accessTokenExpiresAt', 'refreshTokenExpiresAt'] as const
