import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { githubProvider } from './github.ts'
import { ProviderUnavailable } from './request.ts'

const settings = { kind: 'github', id: 'github', name: 'GitHub', clientId: 'client', clientSecret: 'secret' } as const
const responses = new Map<string, unknown>()
const seen: string[] = []
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
  const body = responses.get(request.url ?? '')
  response
    .writeHead(body === undefined ? 500 : 200, { 'content-type': 'application/json' })
    .end(JSON.stringify(body ?? {}))
})
let github: ReturnType<typeof githubProvider>

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  github = githubProvider(settings, { web: address, api: address })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const exchange = () => github.validateAuthorizationCode({ code: 'c', codeVerifier: 'v', redirectURI: 'http://app/' })

test('the page of GitHub is asked for the address, with PKCE', () => {
  const url = githubProvider(settings).createAuthorizationURL({
    state: 's',
    codeVerifier: 'v',
    redirectURI: 'http://app/',
  })
  expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize')
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    scope: 'read:user user:email',
    code_challenge_method: 'S256',
  })
})

test('the user is known by the id, and the address is the main one, however the public one reads', async () => {
  responses.set('/login/oauth/access_token', { access_token: 'token' })
  responses.set('/user', { id: 7, login: 'ada', name: null, email: 'public@example.com' })
  responses.set('/user/emails', [
    { email: 'public@example.com', primary: false, verified: true },
    { email: 'Main@example.com', primary: true, verified: false },
  ])
  expect(await github.getUserInfo(await exchange())).toEqual({
    user: { name: 'ada', email: 'main@example.com', emailVerified: false },
    data: { id: 7 },
  })
  expect(seen).toContain('GET /user Bearer token')
})

test('a refusal, which GitHub sends as a 200, is one', async () => {
  responses.set('/login/oauth/access_token', { error: 'bad_verification_code' })
  await expect(exchange()).rejects.toThrow('bad_verification_code')
})

test('an outage is no refusal', async () => {
  responses.delete('/login/oauth/access_token')
  await expect(exchange()).rejects.toThrow(ProviderUnavailable)
})
