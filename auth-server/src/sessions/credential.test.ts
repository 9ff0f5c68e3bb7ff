import { describe, expect, test } from 'vitest'
import { createCredentialReader, sign } from './credential.ts'

const SECRET = 'a secret of thirty-two characters'
const TOKEN = 'Zw3PaLRQ1zqzY5mJbTnUoX8vKcEdWs4h'
const SIGNED = sign(TOKEN, SECRET)
const ENCODED = encodeURIComponent(SIGNED)

const overHttp = createCredentialReader({
  BETTER_AUTH_SECRET: SECRET,
  NODE_ENV: 'development',
  PUBLIC_URL: 'http://localhost:3000',
})
const overHttps = createCredentialReader({
  BETTER_AUTH_SECRET: SECRET,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://app.example.com',
})
const byBearer = (authorization: string, cookie?: string) => overHttp({ authorization, cookie })
const byCookie = (cookie: string, read = overHttp) => read({ authorization: undefined, cookie })

/** What is no proof of anything, however it is sent. */
const NOT_OURS: [what: string, value: string][] = [
  ['the raw token, as a database dump shows it', TOKEN],
  ['an empty signature', `${TOKEN}.`],
  ['an empty token', SIGNED.slice(SIGNED.lastIndexOf('.'))],
  ['only a dot', '.'],
  ['a truncated signature', SIGNED.slice(0, -1)],
  ['a signature without its padding', SIGNED.replace(/=+$/, '')],
  ['a signature with more padding', `${SIGNED}=`],
  ['a signature in base64url', toUrlSafe(SIGNED)],
  ['a signature in hex', `${TOKEN}.${Buffer.from(SIGNED.split('.')[1] ?? '', 'base64').toString('hex')}`],
  ['the signature of another token', `x${SIGNED}`],
  ['the signature of an old secret', sign(TOKEN, 'the secret before this one, 32 ch')],
  ['a JSON Web Token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'],
  ['five dotted parts', 'a.b.c.d.e'],
  ['something signed twice over', `${SIGNED}.${SIGNED.split('.')[1]}`],
  ['a stray percent sign', `${SIGNED}%`],
  ['a broken UTF-8 sequence', `%ff%fe.${SIGNED}`],
]

describe.each(NOT_OURS)('%s', (_what, value) => {
  test('is refused as a bearer', () => {
    expect(() => byBearer(`Bearer ${value}`)).toThrow(expect.objectContaining({ code: 'INVALID_TOKEN' }))
  })
  test('is refused as a cookie', () => {
    expect(() => byCookie(`better-auth.session_token=${value}`)).toThrow(
      expect.objectContaining({ code: 'INVALID_TOKEN' }),
    )
  })
})

test('a signature with any one bit flipped is refused, the unused bits before the padding included', () => {
  for (let index = 0; index < SIGNED.length; index++) {
    for (let bit = 0; bit < 7; bit++) {
      const flipped = String.fromCharCode(SIGNED.charCodeAt(index) ^ (1 << bit))
      const forged = SIGNED.slice(0, index) + flipped + SIGNED.slice(index + 1)
      expect(() => byCookie(`better-auth.session_token=${encodeURIComponent(forged)}`)).toThrow(
        expect.objectContaining({ code: 'INVALID_TOKEN' }),
      )
    }
  }
})

test.each([
  ['Bearer', `Bearer ${SIGNED}`],
  ['bearer in lower case', `bearer ${SIGNED}`],
  ['BEARER in upper case', `BEARER ${SIGNED}`],
  ['several spaces', `Bearer   ${SIGNED}`],
  ['URL-encoded', `Bearer ${ENCODED}`],
])('a signed token is taken from an Authorization header: %s', (_form, authorization) => {
  expect(byBearer(authorization)).toEqual({ token: TOKEN, from: 'bearer', isRemembered: true })
})

test.each([
  ['only the scheme', 'Bearer'],
  ['only the scheme and a space', 'Bearer '],
  ['what a program stores for nothing', 'Bearer null'],
  ['a tab for a space', `Bearer\t${SIGNED}`],
  ['two tokens', `Bearer ${SIGNED} ${SIGNED}`],
  ['two headers, joined', `Bearer ${SIGNED}, Bearer ${SIGNED}`],
  ['another scheme in front', `Basic eDp5, Bearer ${SIGNED}`],
  ['another scheme behind', `Bearer ${SIGNED}, Basic eDp5`],
  ['quotes', `Bearer "${SIGNED}"`],
  ['a character that is none of base64', `Bearer ${SIGNED}\u0141`],
  ['encoded twice', `Bearer ${encodeURIComponent(ENCODED)}`],
  ['a megabyte', `Bearer ${'a'.repeat(1_000_000)}`],
])('a bearer is refused, even beside a good cookie: %s', (_form, authorization) => {
  expect(() => byBearer(authorization, `better-auth.session_token=${ENCODED}`)).toThrow(
    expect.objectContaining({ code: 'INVALID_TOKEN' }),
  )
})

test.each([
  ['nothing', ''],
  ['Basic', 'Basic eDp5'],
  ['Basic with our token', `Basic ${SIGNED}`],
  ['Digest', 'Digest username="bearer", realm="Bearer x", uri="/"'],
  ['Negotiate', 'Negotiate YII'],
  ['a made-up scheme', `Token ${SIGNED}`],
  ['a scheme that begins like ours', `Bearers ${SIGNED}`],
  ['a scheme that ends like ours', `X-Bearer ${SIGNED}`],
  ['no scheme', SIGNED],
])('an Authorization header that is no bearer is not for us: %s', (_form, authorization) => {
  expect(byBearer(authorization, `better-auth.session_token=${ENCODED}`).from).toBe('cookie')
  expect(() => byBearer(authorization)).toThrow(expect.objectContaining({ code: 'SESSION_REQUIRED' }))
})

test('a good bearer is refused beside the cookie of another session', () => {
  const other = encodeURIComponent(sign('other', SECRET))
  expect(() => byBearer(`Bearer ${SIGNED}`, `better-auth.session_token=${other}`)).toThrow(
    expect.objectContaining({ code: 'INVALID_TOKEN' }),
  )
})

test('a good bearer is used beside the cookie of its own session', () => {
  expect(byBearer(`Bearer ${SIGNED}`, `better-auth.session_token=${ENCODED}`).from).toBe('bearer')
})

test.each([
  ['encoded, as better-auth writes it', `better-auth.session_token=${ENCODED}`],
  ['not encoded', `better-auth.session_token=${SIGNED}`],
  ['quoted', `better-auth.session_token="${ENCODED}"`],
  ['with spaces around', ` other=1 ;  better-auth.session_token = ${ENCODED} `],
  ['among a hundred', `${'c=1; '.repeat(100)}better-auth.session_token=${ENCODED}; ${'d=1; '.repeat(100)}`],
  ['behind something without a name', `=; ;garbage; better-auth.session_token=${ENCODED}`],
  ['the first of two', `better-auth.session_token=${ENCODED}; better-auth.session_token=evil`],
])('a signed token is taken from a cookie: %s', (_form, cookie) => {
  expect(byCookie(cookie)).toEqual({ token: TOKEN, from: 'cookie', isRemembered: true })
})

test.each([
  ['no cookie header', undefined],
  ['an empty one', ''],
  ['only others', 'theme=dark; session_token=x'],
  ['an empty value', 'better-auth.session_token='],
  ['a name in another case', `Better-Auth.session_token=${ENCODED}`],
  ['a longer name', `xbetter-auth.session_token=${ENCODED}`],
])('nothing was presented: %s', (_form, cookie) => {
  expect(() => overHttp({ authorization: undefined, cookie })).toThrow(
    expect.objectContaining({ code: 'SESSION_REQUIRED' }),
  )
})

test('a bearer is not refused for a cookie that nobody signed', () => {
  expect(byBearer(`Bearer ${SIGNED}`, 'better-auth.session_token=junk').from).toBe('bearer')
})

test('on https a plain cookie is not read at all', () => {
  expect(() => byCookie(`better-auth.session_token=${ENCODED}`, overHttps)).toThrow(
    expect.objectContaining({ code: 'SESSION_REQUIRED' }),
  )
  expect(byCookie(`__Secure-better-auth.session_token=${ENCODED}`, overHttps).token).toBe(TOKEN)
})

test('only a signed dont_remember cookie says not to remember', () => {
  const session = `better-auth.session_token=${ENCODED}`
  const signed = encodeURIComponent(sign('true', SECRET))
  expect(byCookie(`${session}; better-auth.dont_remember=${signed}`).isRemembered).toBe(false)
  expect(byCookie(`${session}; better-auth.dont_remember=true`).isRemembered).toBe(true)
})

function toUrlSafe(signed: string): string {
  // With a signature that holds one of the two letters that differ, or the test would prove nothing.
  for (let salt = 0; ; salt++) {
    const candidate = salt === 0 ? signed : sign(`${TOKEN}${salt}`, SECRET)
    if (/[+/]/.test(candidate)) return candidate.replace(/\+/g, '-').replace(/\//g, '_')
  }
}
