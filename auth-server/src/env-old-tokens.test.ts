import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { oldTokensOf, oldTokensProductionErrors } from './env-old-tokens.ts'

const SECRET = 'zq8mWv2rT6yN4kXc1bJ9hL3sPf7gDa5e'
const GOOD = { OLD_TOKENS_UNTIL: '2027-03-31', OLD_TOKENS_SECRET: SECRET }
const JWKS = { OLD_TOKENS_UNTIL: '2027-03-31', OLD_TOKENS_ALGORITHM: 'RS256', OLD_TOKENS_ISSUER: 'https://a.example' }
const rsa = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength })
const pem = ({ publicKey }: ReturnType<typeof rsa>) => publicKey.export({ type: 'spki', format: 'pem' }).toString()
const publicKey = (key: string, algorithm = 'RS256') => ({
  ...{ OLD_TOKENS_UNTIL: '2027-03-31', OLD_TOKENS_ALGORITHM: algorithm, OLD_TOKENS_PUBLIC_KEY: key },
})
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p256Pem = p256.publicKey.export({ type: 'spki', format: 'pem' }).toString()

test('without them no old token counts, whatever the defaults of the others', () => {
  const defaults = { OLD_TOKENS_ALGORITHM: 'HS256', OLD_TOKENS_USER_CLAIM: 'sub', OLD_TOKENS_LEEWAY_SECONDS: '30' }
  for (const given of [{}, defaults]) expect(oldTokensOf(given)).toEqual({ value: undefined, errors: [] })
})

test('a day counts to its end, and a moment to itself, in UTC', () => {
  const until = (setting: string) => oldTokensOf({ ...GOOD, OLD_TOKENS_UNTIL: setting }).value?.until.toISOString()
  expect(until('2028-02-29')).toBe('2028-03-01T00:00:00.000Z')
  expect(until('2027-03-31T18:00Z')).toBe('2027-03-31T18:00:00.000Z')
})

test('a list of audiences, and a key whose lines end in \\n', () => {
  expect(oldTokensOf({ ...GOOD, OLD_TOKENS_AUDIENCE: 'a, b,' }).value?.audiences).toEqual(['a', 'b'])
  expect(oldTokensOf(publicKey(pem(rsa()).replaceAll('\n', '\\n'))).errors).toEqual([])
  expect(oldTokensOf(publicKey(p256Pem, 'ES256')).errors).toEqual([])
})

const BAD: Record<string, [Record<string, string>, string]> = {
  'no end': [{ OLD_TOKENS_SECRET: SECRET }, 'OLD_TOKENS_UNTIL'],
  'an end that is no day': [{ ...GOOD, OLD_TOKENS_UNTIL: '2027-02-30' }, 'OLD_TOKENS_UNTIL'],
  'an end in words': [{ ...GOOD, OLD_TOKENS_UNTIL: 'forever' }, 'OLD_TOKENS_UNTIL'],
  'an end in a zone of somebody': [{ ...GOOD, OLD_TOKENS_UNTIL: '2027-03-31T18:00+02:00' }, 'OLD_TOKENS_UNTIL'],
  'no key': [{ OLD_TOKENS_UNTIL: '2027-03-31' }, 'exactly one of'],
  'two keys': [{ ...GOOD, OLD_TOKENS_JWKS_URL: 'https://a.example' }, 'exactly one of'],
  'a secret of 31 bytes': [{ ...GOOD, OLD_TOKENS_SECRET: SECRET.slice(1) }, 'too short'],
  'a secret of 32 bytes for 64': [{ ...GOOD, OLD_TOKENS_ALGORITHM: 'HS512' }, 'at least 64 bytes'],
  'a secret that is the own': [{ ...GOOD, BETTER_AUTH_SECRET: SECRET }, 'must differ'],
  'the secret of a tutorial': [
    { ...GOOD, OLD_TOKENS_SECRET: '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7' },
    'published',
  ],
  'a public key as a secret': [{ ...GOOD, OLD_TOKENS_SECRET: p256Pem }, 'key in PEM'],
  'a public key as a secret, in one line': [
    { ...GOOD, OLD_TOKENS_SECRET: pem(rsa()).replaceAll('\n', '\\n') },
    'key in PEM',
  ],
  'a public key as a secret, encoded': [
    { ...GOOD, OLD_TOKENS_SECRET: Buffer.from(p256Pem).toString('base64') },
    'key in PEM',
  ],
  'a public key as a secret, without its frame': [
    { ...GOOD, OLD_TOKENS_SECRET: p256Pem.replaceAll(/-----.*-----|\n/g, '') },
    'key in PEM',
  ],
  'a certificate as a secret': [{ ...GOOD, OLD_TOKENS_SECRET: `-----BEGIN CERTIFICATE-----\n${SECRET}` }, 'key in PEM'],
  'a JWK as a secret': [
    { ...GOOD, OLD_TOKENS_SECRET: JSON.stringify(p256.publicKey.export({ format: 'jwk' })) },
    'key in PEM',
  ],
  'a key set as a secret': [
    { ...GOOD, OLD_TOKENS_SECRET: ` ${JSON.stringify({ keys: [p256.publicKey.export({ format: 'jwk' })] })}` },
    'key in PEM',
  ],
  'the address of a key set as a secret': [
    { ...GOOD, OLD_TOKENS_SECRET: 'https://a.example/.well-known/jwks.json' },
    'key in PEM',
  ],
  'a secret for public keys': [{ ...GOOD, OLD_TOKENS_ALGORITHM: 'RS256' }, 'needs OLD_TOKENS_PUBLIC_KEY'],
  'a public key for secrets': [publicKey(pem(rsa()), 'HS256'), 'needs OLD_TOKENS_SECRET'],
  'a key that is none': [publicKey('-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----'), 'must be a public key'],
  'a private key': [
    publicKey(rsa().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    'must be a public key',
  ],
  'a key of another kind': [publicKey(p256Pem), 'is no key for RS256'],
  'a key of another curve': [publicKey(p256Pem, 'ES384'), 'is no key for ES384'],
  'a key that is too short': [publicKey(pem(rsa(1024))), 'at least 2048 bits'],
  'a key set without an issuer': [
    { OLD_TOKENS_UNTIL: '2027-03-31', OLD_TOKENS_ALGORITHM: 'RS256', OLD_TOKENS_JWKS_URL: 'https://a.example' },
    'OLD_TOKENS_ISSUER',
  ],
  'a key set in clear text': [{ ...JWKS, OLD_TOKENS_JWKS_URL: 'http://keys.example/jwks' }, 'https URL'],
  'a key set with a password': [{ ...JWKS, OLD_TOKENS_JWKS_URL: 'https://a:b@keys.example/jwks' }, 'https URL'],
  'a file as a key set': [{ ...JWKS, OLD_TOKENS_JWKS_URL: 'file:///etc/passwd' }, 'https URL'],
  'claims that are no JSON': [{ ...GOOD, OLD_TOKENS_CLAIMS: 'token_type=access' }, 'OLD_TOKENS_CLAIMS'],
  'claims that are lists': [{ ...GOOD, OLD_TOKENS_CLAIMS: '{"aud": ["a"]}' }, 'OLD_TOKENS_CLAIMS'],
}
test.each(Object.entries(BAD))('%s is an error that shows no value', (_what, [given, named]) => {
  const { value, errors } = oldTokensOf(given)
  expect(value).toBeUndefined()
  expect(errors.join('\n')).toContain(named)
  expect(errors.join('\n')).not.toMatch(/zq8m|09d25e|forever/)
})

test('a secret may look a little like something else', () => {
  const secrets = [`urn:${SECRET}`, `{${SECRET}`, Buffer.from(SECRET.repeat(2)).toString('base64'), `MII${SECRET}`]
  for (const secret of secrets) expect(oldTokensOf({ ...GOOD, OLD_TOKENS_SECRET: secret }).errors).toEqual([])
})

test('production refuses a secret that looks like none, and takes what Django makes', () => {
  const of = (secret: string) => oldTokensProductionErrors({ OLD_TOKENS_SECRET: secret })
  expect(of('super-secret-jwt-token-with-at-least-32-characters-long')).not.toEqual([])
  expect(of('a'.repeat(40))).not.toEqual([])
  expect(of(`django-insecure-${SECRET}%&(x8`)).toEqual([])
})
