import type { BetterAuthOptions } from 'better-auth'

type BeforeCreate = NonNullable<
  NonNullable<NonNullable<NonNullable<BetterAuthOptions['databaseHooks']>['session']>['create']>['before']
>

/**
 * A session keeps the client's whole address, in RFC 5952's form. better-auth masks IPv6 to its /64, for sessions as for
 * limits, and knows one setting for both; limits want the mask.
 */
export function keepWholeAddress(header: string): BeforeCreate {
  return async (session, context) => {
    const address = context?.headers?.get(header)
    return address ? { data: { ...session, ipAddress: address } } : undefined
  }
}
