/** What the auth server and the demo provider know each other by. Worth nothing outside of this machine. */
export const demoClient = { id: 'auth-sidecar', secret: 'only-for-the-demo-provider' }

/** By its address, not by `localhost`: the app's cookies are of that name, whatever the port. */
export const demoIssuer = (port: number) => `http://127.0.0.1:${port}`

/** For OIDC_PROVIDERS of the auth server. */
export function demoProvider(port: number) {
  const { id: clientId, secret: clientSecret } = demoClient
  return { id: 'demo', name: 'Demo provider', issuer: demoIssuer(port), clientId, clientSecret }
}

export type DemoAccount = { id: string; name: string; email?: string; isVerified: boolean; about: string }

/** Any other address: what is typed, verified. */
export function demoAccountOf(id: string): DemoAccount | undefined {
  const [name = ''] = id.split('@')
  const typed = { id, name, email: id, isVerified: true, about: '' }
  return demoAccounts.find((account) => account.id === id) ?? (isAddress(id) ? typed : undefined)
}

const isAddress = (text: string) => /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/.test(text)

/** Made up. Each shows something else of what a provider may say. */
export const demoAccounts: readonly DemoAccount[] = [
  { id: 'ada', name: 'Ada Example', email: 'Ada@example.com', isVerified: true, about: 'a verified address' },
  { id: 'ben', name: 'Ben Example', email: 'ben@example.com', isVerified: true, about: 'a verified address' },
  { id: 'demo', name: 'Demo', email: 'demo@example.com', isVerified: true, about: 'the address of the demo account' },
  {
    id: 'cleo',
    name: 'Cleo Example',
    email: 'cleo@example.com',
    isVerified: false,
    about: 'an address that is not verified',
  },
  { id: 'dan', name: 'Dan Example', isVerified: false, about: 'no address' },
]
