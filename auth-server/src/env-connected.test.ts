import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { connectedProductionErrors, connectedServicesOf, encryptionKeysOf } from './env-connected.ts'

const folder = mkdtempSync(join(tmpdir(), 'connected-'))
afterAll(() => rmSync(folder, { recursive: true }))

const list = (...services: object[]) => connectedServicesOf({ CONNECTED_SERVICES: JSON.stringify(services) })
const OAUTH = { kind: 'oauth', id: 'acme', name: 'Acme', issuer: 'https://acme.example', clientId: 'client' }
const KEYS = { kind: 'api-key', id: 'keys', name: 'Keys' }
const BY_HAND = { authorizationUrl: 'https://acme.example/a', tokenUrl: 'https://acme.example/t' }

test('nothing is configured by nothing', () => {
  expect(connectedServicesOf({})).toEqual({ value: [], errors: [] })
  expect(encryptionKeysOf({})).toEqual({ value: [], errors: [] })
})

test('a service is known by its discovery document, by its addresses, or by keys', () => {
  const { value, errors } = list(
    OAUTH,
    { ...OAUTH, ...BY_HAND, id: 'by-hand', revocationUrl: 'https://acme.example/r', clientAuthentication: 'post' },
    { ...KEYS, pattern: '[a-z]+|[0-9]+', helpUrl: 'https://keys.example/new' },
  )
  expect(errors).toEqual([])
  const common = { kind: 'oauth', name: 'Acme', issuer: OAUTH.issuer, clientId: 'client', clientSecret: undefined }
  expect(value).toEqual([
    { ...common, id: 'acme', takesBasic: true, scopes: [], authorizationParams: {} },
    {
      ...common,
      ...{ id: 'by-hand', takesBasic: false, scopes: [], authorizationParams: {} },
      endpoints: { authorize: BY_HAND.authorizationUrl, token: BY_HAND.tokenUrl, revoke: 'https://acme.example/r' },
    },
    { ...KEYS, pattern: /^(?:[a-z]+|[0-9]+)$/u, helpUrl: 'https://keys.example/new' },
  ])
})

test('the list can stand in a file', () => {
  const file = join(folder, 'services.json')
  writeFileSync(file, JSON.stringify([KEYS]))
  expect(connectedServicesOf({ CONNECTED_SERVICES: file })).toEqual({ value: [KEYS], errors: [] })
})

test.each(['{}', 'not there', '["github"', 'null'])('%s is no list', (setting) => {
  const { errors } = connectedServicesOf({ CONNECTED_SERVICES: setting })
  expect(errors).toEqual(['CONNECTED_SERVICES must be a JSON list of services, or the path of a file with one'])
})

test.each<[string, object, RegExp]>([
  ['without a kind', { id: 'acme', name: 'Acme' }, /^CONNECTED_SERVICES 0\.kind: /],
  ['with an id that no address can have', { ...KEYS, id: 'A/b' }, /must be small letters, digits and -$/],
  ['with a field that is unknown', { ...KEYS, secret: 'x' }, /Unrecognized key/],
  ['without addresses', { ...OAUTH, issuer: undefined }, /acme: needs issuer, or authorizationUrl and tokenUrl$/],
  [
    'with half of its addresses',
    { ...OAUTH, tokenUrl: BY_HAND.tokenUrl },
    /needs issuer, or authorizationUrl and tokenUrl$/,
  ],
  ['in clear text', { ...KEYS, checkUrl: 'http://keys.example/' }, /must be https \(or http on this machine\)$/],
  ['at a file', { ...KEYS, checkUrl: 'file:///etc/passwd' }, /must be https/],
  ['with a password in its address', { ...KEYS, checkUrl: 'https://a:b@keys.example/' }, /must be https/],
  ['with a pattern that is none', { ...KEYS, pattern: '(' }, /must be a regular expression$/],
  ['with a header that is none', { ...KEYS, checkHeader: 'x:y' }, /must be the name of a header$/],
  ['that sets the state', { ...OAUTH, authorizationParams: { state: 'x' } }, /may not replace a parameter of OAuth$/],
])('a service %s is refused', (_what, service, error) => {
  const { value, errors } = list(service)
  expect(value).toEqual([])
  expect(errors).toEqual([expect.stringMatching(error)])
})

test('an id may be there once', () => {
  expect(list(OAUTH, { ...KEYS, id: 'acme' }).errors).toContain('CONNECTED_SERVICES has the id acme twice')
})

test('in production every address is https; what is on this machine is for development', () => {
  const local = list({ ...KEYS, checkUrl: 'http://127.0.0.1:9025/keys' }, OAUTH)
  expect(local.errors).toEqual([])
  const error = ['CONNECTED_SERVICES must have https addresses in production']
  expect(connectedProductionErrors(local.value)).toEqual(error)
  const byHand = list({ ...OAUTH, ...BY_HAND, tokenUrl: 'http://localhost/t' })
  expect(connectedProductionErrors(byHand.value)).toEqual(error)
  expect(connectedProductionErrors(list(OAUTH, { ...OAUTH, ...BY_HAND, id: 'b' }, KEYS).value)).toEqual([])
})

const [ONE, TWO] = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4)]

test('the first key is the one that encrypts', () => {
  const { value, errors } = encryptionKeysOf({ ENCRYPTION_KEYS: `2:${TWO}, 1:${ONE}` })
  expect(errors).toEqual([])
  expect(value.map(({ version, key }) => [version, key.toString('hex')])).toEqual([
    ['2', TWO],
    ['1', ONE],
  ])
})

test('services that are connected need a key', () => {
  const given = { CONNECTED_SERVICES: JSON.stringify([KEYS]) }
  expect(encryptionKeysOf(given).errors).toEqual(['ENCRYPTION_KEYS is required with CONNECTED_SERVICES'])
})

test.each([ONE, `1:${ONE.slice(1)}`, `1:${ONE}0`, `1:${ONE},`, `1:${ONE};2:${TWO}`, 'x y:z', `__proto__:${ONE}`])(
  '%s is no list of keys',
  (ENCRYPTION_KEYS) => {
    expect(encryptionKeysOf({ ENCRYPTION_KEYS }).errors).toEqual([
      expect.stringMatching(/^ENCRYPTION_KEYS must be version:key, each key 64 hexadecimal digits/),
    ])
  },
)

test('a version may be there once, and a key that was typed not at all', () => {
  const twice = encryptionKeysOf({ ENCRYPTION_KEYS: `1:${ONE},1:${TWO}` })
  expect(twice.errors).toEqual(['ENCRYPTION_KEYS has a version twice'])
  const typed = encryptionKeysOf({ ENCRYPTION_KEYS: `1:${'0'.repeat(64)}` })
  expect(typed.errors).toEqual(['ENCRYPTION_KEYS has a key that is not random (openssl rand -hex 32)'])
})
