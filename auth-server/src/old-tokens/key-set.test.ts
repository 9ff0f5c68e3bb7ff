import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'
import { checked, IN_A_WEEK, importUser, makeToken, rawToken, secretKey, startIssuer } from '../../test/old-tokens.ts'
import { createLog } from '../log.ts'
import { KeySet } from './key-set.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  issuer = await startIssuer()
  await issuer.publish('rs-1')
  stack = await startTestStack({
    OLD_TOKENS_UNTIL: IN_A_WEEK,
    OLD_TOKENS_ALGORITHM: 'RS256',
    OLD_TOKENS_JWKS_URL: issuer.url,
    OLD_TOKENS_ISSUER: 'https://issuer.example.com/',
  })
})
afterAll(async () => {
  await stack.stop()
  await issuer.close()
})
beforeEach(() => issuer.respondWith(undefined))

const make = (sub: string, kid: string | undefined, key = issuer.keyOf('rs-1'), alg = 'RS256') =>
  makeToken({ sub, iss: 'https://issuer.example.com/' }, { header: { alg, ...(kid !== undefined && { kid }) }, key })

const log = createLog({ LOG_LEVEL: 'silent' })
let urls = 0
/**
 * Each asks at an address of its own, so that what another one does in the background does not count. It waits for an issuer that
 * responds, also on a slow machine.
 */
const keySet = (times: ConstructorParameters<typeof KeySet>[0]['times'] = {}) =>
  new KeySet({ url: `${issuer.url}?${++urls}`, algorithm: 'RS256', log, times: { waitMs: 3000, ...times } })
const asked = () => issuer.asked(`?${urls}`)
type Header = Parameters<KeySet['find']['recent']>[0]
const find = async (keys: KeySet, kid?: string) =>
  keys.find.recent({ alg: 'RS256', ...(kid !== undefined && { kid }) } as Header, {} as never)
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'found',
    (error: { code: string }) => error.code,
  )
const [NO_SUCH_KEY, UNAVAILABLE] = ['ERR_JWKS_NO_MATCHING_KEY', 'OLD_TOKEN_KEYS_UNAVAILABLE']

test('a token that the issuer signed is accepted, and looked at again after a while', async () => {
  const { id } = await importUser(stack)
  const token = await make(id, 'rs-1')
  expect(await checked(stack, token)).toEqual([200, id])
  const identified = await stack.internalApp.request('/internal/session', {
    headers: { authorization: `Bearer ${token}`, 'x-internal-token': stack.env.INTERNAL_TOKEN },
  })
  const { session } = (await identified.json()) as { session: { refreshAt: string; expiresAt: string } }
  expect(Date.parse(session.refreshAt)).toBeLessThan(Date.now() + 5 * 60_000 + 1000)
  expect(Date.parse(session.refreshAt)).toBeLessThan(Date.parse(session.expiresAt))
})

test('the public key opens nothing as a secret, in whatever form', async () => {
  const { id } = await importUser(stack)
  const { createPublicKey } = await import('node:crypto')
  const key = createPublicKey(issuer.keyOf('rs-1'))
  const forms = [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(key.export({ format: 'jwk' })),
  ]
  for (const form of forms) {
    const secret = typeof form === 'string' ? secretKey(form) : new Uint8Array(form)
    const token = await makeToken(
      { sub: id, iss: 'https://issuer.example.com/' },
      { key: secret, header: { kid: 'rs-1' } },
    )
    expect(await checked(stack, token)).toEqual([401, 'INVALID_TOKEN'])
  }
})

test('a token says where its key is, and nobody listens', async () => {
  const { id } = await importUser(stack)
  const before = issuer.asked('')
  const key = issuer.keyOf('rs-1')
  const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
  for (const header of [{ jku: issuer.url }, { x5u: issuer.url }, { jwk }, { x5c: ['AAAA'] }]) {
    const token = await makeToken(
      { sub: id, iss: 'https://issuer.example.com/' },
      { key, header: { alg: 'RS256', kid: '../../dev/null', ...header } },
    )
    expect(await checked(stack, token)).toEqual([401, 'INVALID_TOKEN'])
  }
  expect(issuer.asked('')).toBeLessThanOrEqual(before + 1)
})

test.each(['../../../dev/null', "' or 1=1 --", 'file:///etc/passwd', '__proto__', 'constructor', ''])(
  'no key is named "%s"',
  async (kid) => {
    const { id } = await importUser(stack)
    expect(await checked(stack, await make(id, kid))).toEqual([401, 'INVALID_TOKEN'])
  },
)

test('an empty or broken signature is none', async () => {
  const { id } = await importUser(stack)
  const payload = { sub: id, iss: 'https://issuer.example.com/', exp: Date.now() }
  for (const signature of ['A', 'AAAA', 'A'.repeat(342)]) {
    const token = rawToken({ alg: 'RS256', kid: 'rs-1' }, payload, signature)
    expect(await checked(stack, token)).toEqual([401, 'INVALID_TOKEN'])
  }
})

test('without a name of its key, a token is of the only one; of several, of none', async () => {
  const keys = keySet()
  await issuer.publish('rs-1')
  expect(await codeOf(find(keys))).toBe('found')
  await issuer.publish('rs-1', 'rs-2')
  expect(await codeOf(find(keySet()))).toBe('ERR_JWKS_MULTIPLE_MATCHING_KEYS')
})

test('a new key is found with the first token that names it', async () => {
  await issuer.publish('rs-1')
  const keys = keySet({ unknownKeyMs: 0 })
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  await issuer.publish('rs-1', 'rs-3')
  expect(await codeOf(find(keys, 'rs-3'))).toBe('found')
})

test('a key that was withdrawn is no key for the first token after a quiet time, nor for those at the same time', async () => {
  await issuer.publish('rs-1', 'rs-2')
  const keys = keySet({ refreshMs: 0 })
  expect(await codeOf(find(keys, 'rs-2'))).toBe('found')
  await issuer.publish('rs-1')
  const all = await Promise.all([1, 2, 3].map(() => codeOf(find(keys, 'rs-2'))))
  expect(all).toEqual([NO_SUCH_KEY, NO_SUCH_KEY, NO_SUCH_KEY])
})

test('however many tokens name keys that nobody has, the issuer is asked once in a while', async () => {
  await issuer.publish('rs-1')
  const keys = keySet()
  for (let n = 0; n < 100; n++) expect(await codeOf(find(keys, `unknown-${n}`))).toBe(NO_SUCH_KEY)
  expect(asked()).toBe(1)
})

const USELESS: Record<string, (response: import('node:http').ServerResponse) => void> = {
  'an error': (response) => response.writeHead(500).end('{}'),
  'a page': (response) => response.end('<html>'),
  'a redirect': (response) => response.writeHead(302, { location: issuer.url }).end(),
  'no list': (response) => response.end('{"keys": {"0": {}}}'),
  'an empty list': (response) => response.end('{"keys": []}'),
  null: (response) => response.end('null'),
  'only keys of another kind': (response) => response.end('{"keys": [{"kty": "oct", "k": "AAAA", "kid": "rs-1"}]}'),
  'more keys than anybody has': (response) =>
    response.end(JSON.stringify({ keys: Array(101).fill({ kty: 'RSA', n: 'AQAB', e: 'AQAB' }) })),
  'more than it may': (response) => response.end(`{"keys": [], "more": "${'x'.repeat(300_000)}"}`),
  'nothing, ever': () => undefined,
  'half of it': (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"keys": [')
  },
}
test.each(Object.entries(USELESS))(
  'an issuer that sends %s: nobody knows, and it is not asked again at once',
  async (_what, respond) => {
    issuer.respondWith(respond)
    const keys = keySet({ waitMs: 500 })
    expect(await codeOf(find(keys, 'rs-1'))).toBe(UNAVAILABLE)
    expect(await codeOf(find(keys, 'rs-1'))).toBe(UNAVAILABLE)
    expect(asked()).toBe(1)
  },
)

test('in an outage the known keys count for a while, and of another key nobody knows', async () => {
  await issuer.publish('rs-1')
  const keys = keySet({ refreshMs: 0, unknownKeyMs: 0 })
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  issuer.respondWith((response) => response.writeHead(503).end())
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  expect(await codeOf(find(keys, 'rs-9'))).toBe(UNAVAILABLE)
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
})

test('a key that was known long ago counts no more', async () => {
  await issuer.publish('rs-1')
  const keys = keySet({ staleMs: 500 })
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  issuer.respondWith((response) => response.writeHead(503).end())
  await expect.poll(() => codeOf(find(keys, 'rs-1')), { timeout: 5000 }).toBe(UNAVAILABLE)
})

test('an outage of the issuer is a 503 for its tokens, and concerns no session', async () => {
  const other = await startIssuer()
  other.respondWith((response) => response.writeHead(500).end())
  const { variables } = stack
  const down = await startTestStack({
    ...{ OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_ALGORITHM: 'RS256' },
    OLD_TOKENS_JWKS_URL: other.url,
    OLD_TOKENS_ISSUER: variables.OLD_TOKENS_ISSUER ?? '',
  })
  try {
    const { id } = await importUser(down)
    expect(await checked(down, await make(id, 'rs-1'))).toEqual([503, UNAVAILABLE])
    expect(down.lines.filter((line) => line.includes('cannot be had'))).toHaveLength(1)
  } finally {
    await down.stop()
    await other.close()
  }
})
