import { expect, test } from 'vitest'
import { readSettings } from './settings/settings.ts'
import { usesDemoProvider, withStandIns } from './stand-ins.ts'

const keys = { ENCRYPTION_KEYS: '1:x' }
const told = (given: Record<string, string>, mode: 'embedded' | 'compose' = 'embedded') =>
  withStandIns(readSettings(given), mode).variables

test.each([
  ['embedded', { SMTP_PORT: '1125' }, 'smtp://127.0.0.1:1125'],
  ['compose', { SMTP_PORT: '1125' }, 'smtp://mail:1025'],
  ['embedded', { SMTP_URL: 'smtps://mail.acme.org' }, 'smtps://mail.acme.org'],
  ['compose', { NODE_ENV: 'production' }, undefined],
] as const)('mode %s with %j: mails go to %s', (mode, given, expected) => {
  expect(told(given, mode).SMTP_URL).toBe(expected)
})

test.each([
  ['embedded', 'http://127.0.0.1:9125'],
  ['compose', 'http://provider.localhost:9125'],
] as const)('mode %s: the demo provider is at %s, for users and for services', (mode, origin) => {
  const { OIDC_PROVIDERS, CONNECTED_SERVICES, CONNECTED_EXAMPLE_URL } = told({ PROVIDER_PORT: '9125', ...keys }, mode)

  expect(JSON.parse(OIDC_PROVIDERS ?? '')).toMatchObject([{ issuer: origin }])
  expect(JSON.parse(CONNECTED_SERVICES ?? '')).toMatchObject([{ issuer: origin }, { checkUrl: `${origin}/keys/check` }])
  expect(CONNECTED_EXAMPLE_URL).toBe(`${origin}/me`)
})

test.each([
  [{}, true],
  [keys, true],
  // Connected services without a key cannot be kept, so there are none.
  [{ OIDC_PROVIDERS: '[]' }, false],
  [{ OIDC_PROVIDERS: '[]', ...keys }, true],
  [{ OIDC_PROVIDERS: '[]', CONNECTED_SERVICES: '[]', ...keys }, false],
  [{ NODE_ENV: 'production', ...keys }, false],
])('with %j, whether the demo provider is used: %s', (given, expected) => {
  expect(usesDemoProvider(readSettings(given))).toBe(expected)
})
