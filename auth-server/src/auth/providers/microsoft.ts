/** The tenant of all personal accounts. https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
/** Names for more than one tenant. */
const MANY = new Set(['common', 'organizations', 'consumers'])

/** Whether a token is of a tenant whose users may sign in: each tenant is an issuer, with the keys of all. */
export function isOfTenant(tenant: string, discovered: string, { iss, tid }: Record<string, unknown>): boolean {
  if (typeof tid !== 'string' || iss !== `https://login.microsoftonline.com/${tid}/v2.0`) return false
  if (!MANY.has(tenant)) return iss === discovered
  return tenant === 'common' || (tenant === 'consumers') === (tid === PERSONAL)
}

/**
 * Whether an address is known to be the user's; undefined: not Microsoft. The administrator of any tenant may write any address
 * into a user there, so it counts where the one tenant is the operator's, for personal accounts, or where Microsoft has
 * verified the domain's owner (`xms_edov`, an optional claim of the application).
 */
export function isVerifiedByTenant(tenant: string | undefined, claims: Record<string, unknown>): boolean | undefined {
  if (tenant === undefined) return undefined
  const isOwn = !MANY.has(tenant)
  return isOwn || claims.tid === PERSONAL || [true, 1, '1', 'true'].includes(claims.xms_edov as never)
}
