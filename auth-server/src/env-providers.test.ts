import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { providerProductionErrors, providersOf } from './env-providers.ts'

const folder = mkdtempSync(join(tmpdir(), 'providers-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const keyFile = (namedCurve: string) =>
  file(
    `${namedCurve}.pem`,
    String(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' })),
  )

const OWN = { id: 'own', name: 'Own', issuer: 'https://id.example.com', clientId: 'client' }
const list = (...providers: object[]) => ({ OIDC_PROVIDERS: JSON.stringify(providers) })

test('nothing is configured by nothing', () => {
  expect(providersOf({})).toEqual({ value: [], errors: [] })
})

test('each provider is switched on by its keys', () => {
  const { value, errors } = providersOf({
    ...{ GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b', GOOGLE_CLIENT_ID: 'c', GOOGLE_CLIENT_SECRET: 'd' },
    ...{ MICROSOFT_CLIENT_ID: 'e', MICROSOFT_CLIENT_SECRET: 'f', MICROSOFT_TENANT: 'example.com' },
    ...{ APPLE_CLIENT_ID: 'g', APPLE_TEAM_ID: 'h', APPLE_KEY_ID: 'i', APPLE_PRIVATE_KEY_FILE: keyFile('P-256') },
    ...list(OWN),
  })
  expect(errors).toEqual([])
  expect(value.map(({ id, name }) => `${id} ${name}`)).toEqual([
    ...['google Google', 'apple Apple', 'microsoft Microsoft', 'github GitHub', 'own Own'],
  ])
  expect(value.find(({ id }) => id === 'microsoft')).toMatchObject({
    issuer: 'https://login.microsoftonline.com/example.com/v2.0',
    tenant: 'example.com',
  })
  expect(value.find(({ id }) => id === 'own')).toMatchObject({ scopes: ['openid', 'email', 'profile'] })
})

test.each([
  [{ GOOGLE_CLIENT_ID: 'x' }, ['GOOGLE_CLIENT_SECRET is required with GOOGLE_CLIENT_ID']],
  [{ GITHUB_CLIENT_SECRET: 'x' }, ['GITHUB_CLIENT_ID is required with GITHUB_CLIENT_SECRET']],
  [{ MICROSOFT_CLIENT_ID: 'x' }, ['MICROSOFT_CLIENT_SECRET is required with MICROSOFT_CLIENT_ID']],
  [
    { APPLE_CLIENT_ID: 'x', APPLE_TEAM_ID: 'x', APPLE_KEY_ID: 'x' },
    ['APPLE_PRIVATE_KEY_FILE is required with APPLE_CLIENT_ID'],
  ],
])('%j, half of what a provider needs, is an error', (given, errors) => {
  expect(providersOf(given)).toEqual({ value: [], errors })
})

test('the list can stand in a file, with the address of the discovery document for the issuer', () => {
  const { issuer, ...rest } = OWN
  const discoveryUrl = `${issuer}/.well-known/openid-configuration`
  const { value, errors } = providersOf({
    OIDC_PROVIDERS: file('list.json', JSON.stringify([{ ...rest, discoveryUrl }])),
  })
  expect(errors).toEqual([])
  expect(value).toMatchObject([{ id: 'own', issuer }])
})

test.each([
  ['no JSON', { OIDC_PROVIDERS: '[' }],
  ['no file', { OIDC_PROVIDERS: join(folder, 'missing') }],
  ['no list', { OIDC_PROVIDERS: file('object.json', '{}') }],
  ['no issuer', list({ ...OWN, issuer: undefined })],
  ['an issuer in clear', list({ ...OWN, issuer: 'http://id.example.com' })],
  ['an issuer with a user', list({ ...OWN, issuer: 'https://a@id.example.com' })],
  ['an issuer that is a file', list({ ...OWN, issuer: 'file:///etc/passwd' })],
  [
    'both an issuer and a discovery address',
    list({ ...OWN, discoveryUrl: `${OWN.issuer}/.well-known/openid-configuration` }),
  ],
  ['a discovery address of another kind', list({ ...OWN, issuer: undefined, discoveryUrl: OWN.issuer })],
  ['an id twice', list(OWN, OWN)],
  ['an id of another provider', list({ ...OWN, id: 'google' })],
  ['the id of a password', list({ ...OWN, id: 'credential' })],
  ['an id that is no part of a path', list({ ...OWN, id: '../x' })],
  ['a misspelled field', list({ ...OWN, clientsecret: 'x' })],
  [
    'a key of another curve',
    { APPLE_CLIENT_ID: 'x', APPLE_TEAM_ID: 'x', APPLE_KEY_ID: 'x', APPLE_PRIVATE_KEY_FILE: keyFile('P-384') },
  ],
  [
    'a key that is not there',
    { APPLE_CLIENT_ID: 'x', APPLE_TEAM_ID: 'x', APPLE_KEY_ID: 'x', APPLE_PRIVATE_KEY_FILE: folder },
  ],
])('%s is an error', (_what, given) => {
  expect(providersOf(given).errors).not.toEqual([])
})

test('no error repeats a secret', () => {
  const { errors } = providersOf(list({ ...OWN, clientSecret: 'canary', id: 'X', issuer: 'http://canary' }))
  expect([errors.length > 0, errors.join().includes('canary')]).toEqual([true, false])
})

test('a provider on this machine is for development', () => {
  const { value, errors } = providersOf(list({ ...OWN, issuer: 'http://127.0.0.1:9025' }))
  expect(errors).toEqual([])
  expect(providerProductionErrors(value)).toEqual(['OIDC_PROVIDERS must name https issuers in production'])
  expect(providerProductionErrors(providersOf(list(OWN)).value)).toEqual([])
})
