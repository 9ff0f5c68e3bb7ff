import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'
import { IN_A_WEEK, importUser, makeToken, startIssuer } from '../../test/old-tokens.ts'
import { createLog } from '../log.ts'
import { KeySet } from './key-set.ts'
import { OldTokens } from './old-tokens.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
beforeAll(async () => {
  issuer = await startIssuer()
})
afterAll(() => issuer.close())
beforeEach(async () => {
  issuer.respondWith(undefined)
  await issuer.publish('rs-1')
})

const log = createLog({ LOG_LEVEL: 'silent' })
let urls = 0
/**
 * Each asks at an address of its own, so that what another one does in the background does not count. It waits for an issuer that
 * responds, also on a slow machine.
 */
const keySet = (times: ConstructorParameters<typeof KeySet>[0]['times'] = {}) =>
  new KeySet({ url: `${issuer.url}?${++urls}`, algorithm: 'RS256', log, times: { waitMs: 2000, ...times } })
const asked = () => issuer.asked(`?${urls}`)
const find = async (keys: KeySet, kid: string, use: keyof KeySet['find'] = 'recent') =>
  keys.find[use]({ alg: 'RS256', kid }, {} as never)
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'found',
    (error: { code: string }) => error.code,
  )
const UNAVAILABLE = 'OLD_TOKEN_KEYS_UNAVAILABLE'

test('in an outage nothing is exchanged: the last keys count for checks alone', async () => {
  const keys = keySet({ refreshMs: 0 })
  expect(await codeOf(find(keys, 'rs-1', 'current'))).toBe('found')
  issuer.respondWith((response) => response.writeHead(503).end())
  expect(await codeOf(find(keys, 'rs-1', 'current'))).toBe(UNAVAILABLE)
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
})

test('a session is given only by keys that are current', async () => {
  const quiet = await startTestStack({
    ...{ OLD_TOKENS_UNTIL: IN_A_WEEK, OLD_TOKENS_ALGORITHM: 'RS256', OLD_TOKENS_JWKS_URL: issuer.url },
    OLD_TOKENS_ISSUER: 'https://issuer.example.com/',
  })
  const { env, log, pools } = quiet
  const keyTimes = { refreshMs: 0 }
  const oldTokens = new OldTokens({ env, log, pool: pools.sessions, registry: new Registry(), keyTimes })
  try {
    const { id } = await importUser(quiet)
    const header = { alg: 'RS256', kid: 'rs-1' }
    const token = await makeToken(
      { sub: id, iss: 'https://issuer.example.com/' },
      { header, key: issuer.keyOf('rs-1') },
    )
    const identify = oldTokens.orSession(() => Promise.reject(new Error('no session')))
    const presented = { authorization: `Bearer ${token}`, cookie: undefined }
    expect((await identify(presented)).identity.user.id).toBe(id)
    issuer.respondWith((response) => response.writeHead(503).end())
    expect(await codeOf(oldTokens.claim(token, () => undefined))).toBe(UNAVAILABLE)
    expect((await identify(presented)).identity.user.id).toBe(id)
  } finally {
    await quiet.stop()
  }
})

test('while the issuer hangs, one token of a key that nobody knows waits, and the others are told at once', async () => {
  const keys = keySet({ unknownKeyMs: 0 })
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  issuer.respondWith(() => undefined)
  const first = codeOf(find(keys, 'unknown-0'))
  const ended: string[] = []
  void first.then(() => ended.push('first'))
  for (let n = 1; n < 20; n++) ended.push(await codeOf(find(keys, `unknown-${n}`)))
  expect(ended).toEqual(Array(19).fill(UNAVAILABLE))
  expect([await first, await codeOf(find(keys, 'rs-1')), asked()]).toEqual([UNAVAILABLE, 'found', 2])
})

test('while the issuer hangs and no key was ever read, one token waits for it, too', async () => {
  const keys = keySet({ retryMs: 0 })
  issuer.respondWith((response) => response.writeHead(503).end())
  expect(await codeOf(find(keys, 'rs-1'))).toBe(UNAVAILABLE)
  issuer.respondWith(() => undefined)
  const ended: string[] = []
  const first = codeOf(find(keys, 'rs-1')).then(() => ended.push('first'))
  for (let n = 1; n < 20; n++) ended.push(await codeOf(find(keys, 'rs-1')))
  expect(ended).toEqual(Array(19).fill(UNAVAILABLE))
  await first
})

test('while the issuer hangs, tokens of a known key wait for it together, not one after the other', async () => {
  const keys = keySet({ refreshMs: 0 })
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  issuer.respondWith(() => undefined)
  expect(await codeOf(find(keys, 'rs-1'))).toBe('found')
  // It still hangs, and nobody waits for it any more: a timer that begins now ends later.
  const later = sleep(50).then(() => 'later')
  expect(await Promise.race([codeOf(find(keys, 'rs-1')), later])).toBe('found')
})
