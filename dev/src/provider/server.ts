import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import Provider, { interactionPolicy } from 'oidc-provider'
import type { Look } from '../brand.ts'
import { type DemoAccount, demoAccountOf, demoAccounts, demoClient, demoServiceClient, demoServiceId } from './demo.ts'
import { isDemoKey, newDemoKey } from './keys.ts'
import { choicePage, keyPage, problemPage } from './page.ts'

type Options = { origin: string; publicUrl: string; look: Look }

/** A real OpenID Connect provider whose users are made up, and sign in by a click. It forgets everything when it stops. */
export function createDemoProvider({ origin, publicUrl, look }: Options): Server {
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: demoClient.id,
        client_secret: demoClient.secret,
        redirect_uris: [`${publicUrl}/api/auth/callback/demo`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
      {
        client_id: demoServiceClient.id,
        client_secret: demoServiceClient.secret,
        redirect_uris: [`${publicUrl}/api/auth/connected-services/${demoServiceId}/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    // Each is good once, and one that comes back ends the whole grant: what clients have to get right.
    rotateRefreshToken: () => true,
    jwks: {
      keys: [
        { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256' },
      ],
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    findAccount: (_context, id) => accountOf(id),
    interactions: { policy: askAlways(), url: (_context, { uid }) => `/choose/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, params } = oidc
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope(String(params?.scope ?? 'openid'))
      await grant.save()
      return grant
    },
    renderError: (context) => {
      context.type = 'html'
      context.body = problemPage(look)
    },
    ttl: {
      ...{ AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600 },
      // Short, so that a refresh is seen on the same day.
      ...{ AccessToken: 600, RefreshToken: 30 * 86_400, Grant: 30 * 86_400 },
    },
  })
  const respond = provider.callback()

  async function choose(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await provider.interactionDetails(request, response)
    if (request.method !== 'POST') return html(response, 200, choicePage(demoAccounts, look))
    const form = new URLSearchParams(await textOf(request))
    const account = demoAccountOf(form.get('account') ?? form.get('email') ?? '')
    const result = account
      ? { login: { accountId: account.id, remember: false } }
      : { error: 'access_denied', error_description: 'The user has cancelled.' }
    await provider.interactionFinished(request, response, result)
  }

  return createServer((request, response) => {
    if (request.url === '/readyz') return html(response, 200, 'ok')
    if (request.url === '/keys') return html(response, 200, keyPage(newDemoKey(), look))
    if (request.url === '/keys/check') return checkKey(request, response)
    if (!request.url?.startsWith('/choose/')) return void respond(request, response)
    choose(request, response).catch(() => html(response, 400, problemPage(look)))
  })
}

/** Who has signed in here before is asked again: the list is what there is to see. */
function askAlways(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  const check = new interactionPolicy.Check(
    'always',
    'Choose an account.',
    'login_required',
    ({ oidc }) => !oidc.result?.login,
  )
  policy.get('login')?.checks.add(check)
  return policy
}

function accountOf(id: string) {
  const account = demoAccountOf(id)
  return account && { accountId: id, claims: () => ({ sub: id, ...claimsOf(account) }) }
}

function claimsOf({ name, email, isVerified }: DemoAccount) {
  return { name, ...(email && { email, email_verified: isVerified }) }
}

/** What a service of another company does with a key: says whose it is, or 401. */
function checkKey(request: IncomingMessage, response: ServerResponse): void {
  const isRight = isDemoKey(String(request.headers['x-api-key'] ?? ''))
  response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(isRight ? { username: 'demo-account' } : { error: 'invalid_key' }))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > 1000) throw new Error('too long')
  }
  return text
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  })
  response.end(body)
}
