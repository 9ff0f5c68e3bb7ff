import type { Reason } from '../reasons.ts'
import type { SourceUser } from '../system.ts'
import { textOf } from './values.ts'

type Accounts = SourceUser['accounts']

/** Their names elsewhere, and ours. */
const NAMES: Record<string, string> = {
  'google.com': 'google',
  'google-oauth2': 'google',
  google_oauth2: 'google',
  'google-oidc': 'google',
  'github.com': 'github',
  'apple.com': 'apple',
  'microsoft.com': 'microsoft',
  microsoft_graph: 'microsoft',
  'microsoft-graph': 'microsoft',
  windowslive: 'microsoft',
  'facebook.com': 'facebook',
  'twitter.com': 'twitter',
  'linkedin.com': 'linkedin',
  linkedin_oauth2: 'linkedin',
  linkedin_oidc: 'linkedin',
  'gitlab.com': 'gitlab',
  signinwithapple: 'apple',
  loginwithamazon: 'amazon',
}

/** Ways to sign in that are none at a provider. */
const NONE = new Set([
  'email',
  'phone',
  'sms',
  'local',
  'native',
  'password',
  'credential',
  'credentials',
  'auth0',
  'database',
  'anonymous',
  'custom',
])
/** Of an organization's own directory: the id there is none that its OpenID provider would send. */
const LOST = /^(?:saml|sso:|waad|adfs|ad$|ldap|oidc\.|saml\.)/

/** Sign-ins at providers, by our names. What cannot be taken is a remark. */
export function accountsOf(given: readonly { provider: unknown; id: unknown }[]): {
  accounts: Accounts
  remarks: Reason[]
} {
  const accounts: { providerId: string; accountId: string }[] = []
  const remarks = new Set<Reason>()
  for (const { provider, id } of given) {
    const name = textOf(provider)?.trim().toLowerCase()
    const accountId = textOf(id)
    if (name === undefined || NONE.has(name)) continue
    if (accountId === null || LOST.test(name)) remarks.add('account-lost')
    else accounts.push({ providerId: NAMES[name] ?? name, accountId })
  }
  const isFirst = (account: Accounts[number], at: number) =>
    accounts.findIndex((other) => other.providerId === account.providerId && other.accountId === account.accountId) ===
    at
  return { accounts: accounts.filter(isFirst), remarks: [...remarks] }
}
