/** What the auth server and the demo provider know each other by. Worth nothing outside of this machine. */
export const demoClient = { id: 'auth-sidecar', secret: 'only-for-the-demo-provider' }

/** Another name than `localhost`: the app's cookies are of that name, whatever the port. */
export const demoOrigins = {
  embedded: (port: number) => `http://127.0.0.1:${port}`,
  /** For a browser a name of this machine, for containers the provider's on their network (docker-compose.yaml). */
  compose: (port: number) => `http://provider.localhost:${port}`,
}

/** For OIDC_PROVIDERS of the auth server. */
export function demoProvider(issuer: string) {
  const { id: clientId, secret: clientSecret } = demoClient
  return { id: 'demo', name: 'Demo provider', issuer, clientId, clientSecret }
}

/** Another client of the same provider: one that acts for users, and signs nobody in. */
export const demoServiceClient = { id: 'auth-sidecar-connected', secret: 'only-for-the-demo-service' }

/** In the addresses of its callback. */
export const demoServiceId = 'demo'

/** For CONNECTED_SERVICES of the auth server. */
export function demoServices(issuer: string) {
  const { id: clientId, secret: clientSecret } = demoServiceClient
  return [
    {
      ...{ kind: 'oauth', id: demoServiceId, name: 'Demo service', issuer, clientId, clientSecret },
      // Each answer of its userinfo endpoint is about an account of OpenID Connect.
      scopes: ['openid', 'profile', 'email'],
    },
    {
      ...{
        kind: 'api-key',
        id: 'demo-keys',
        name: 'Demo keys',
        helpUrl: `${issuer}/keys`,
        pattern: 'demo_[0-9a-f]{40}',
      },
      ...{ checkUrl: `${issuer}/keys/check`, checkHeader: 'x-api-key' },
    },
  ]
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
