import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { appleSecret } from './apple.ts'
import { isOfTenant, isVerifiedByTenant } from './microsoft.ts'

test('Apple gets a client secret that its own rules accept', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const secret = appleSecret('com.example.app', { teamId: 'TEAM', keyId: 'KEY', key: privateKey })
  const { payload, protectedHeader } = await jwtVerify(secret, publicKey, {
    issuer: 'TEAM',
    audience: 'https://appleid.apple.com',
    subject: 'com.example.app',
    maxTokenAge: '1m',
  })
  expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'KEY' })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
})

const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
const issuerOf = (tid: string) => `https://login.microsoftonline.com/${tid}/v2.0`
const ANY = issuerOf('{tenantid}')

test.each([
  ['common', ANY, 'a', issuerOf('a'), true],
  ['common', ANY, 'a', issuerOf('b'), false],
  ['common', ANY, undefined, issuerOf('a'), false],
  ['organizations', ANY, 'a', issuerOf('a'), true],
  ['organizations', ANY, PERSONAL, issuerOf(PERSONAL), false],
  ['consumers', ANY, PERSONAL, issuerOf(PERSONAL), true],
  ['consumers', ANY, 'a', issuerOf('a'), false],
  ['example.com', issuerOf('a'), 'a', issuerOf('a'), true],
  ['example.com', issuerOf('a'), 'b', issuerOf('b'), false],
])(
  'under the tenant %s of %s, a token of the tenant %s by %s is taken: %s',
  (tenant, discovered, tid, iss, isTaken) => {
    expect(isOfTenant(tenant, discovered, { iss, tid })).toBe(isTaken)
  },
)

test.each([
  [undefined, {}, undefined],
  ['example.com', { tid: 'a' }, true],
  ['common', { tid: 'a' }, false],
  ['common', { tid: 'a', email_verified: true }, false],
  ['common', { tid: 'a', xms_edov: true }, true],
  ['organizations', { tid: 'a', xms_edov: '1' }, true],
  ['common', { tid: PERSONAL }, true],
])('under the tenant %s, the address in %j is verified: %s', (tenant, claims, isVerified) => {
  expect(isVerifiedByTenant(tenant, claims)).toBe(isVerified)
})
