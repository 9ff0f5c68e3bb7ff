import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, createClient } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import {
  checked,
  GOOD,
  importUser,
  makeToken,
  nowSeconds,
  OLD_SECRET,
  rawToken,
  STRICT,
  secretKey,
} from '../../test/old-tokens.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(STRICT)
})
afterAll(() => stack.stop())

const make = (claims: Record<string, unknown>, how?: Parameters<typeof makeToken>[1]) =>
  makeToken({ ...GOOD, ...claims }, how)
const check = (token: string, headers?: Record<string, string>) => checked(stack, token, headers)
const INVALID = [401, 'INVALID_TOKEN']

describe('what is refused', () => {
  const id = randomUUID()
  beforeAll(async () => {
    await importUser(stack, id)
  })

  test('but not the same token without a fault', async () => {
    expect(await check(await make({ sub: id }))).toEqual([200, id])
  })

  /** By the time of the test: where setting up takes long, what was ahead when the file was read is past. */
  const claimsAt = (now: number): Record<string, Record<string, unknown>> => ({
    'another issuer': { iss: 'https://old.example.com/' },
    'no issuer': { iss: undefined },
    'a list of issuers': { iss: ['https://old.example.com'] },
    'another audience': { aud: 'app2' },
    'the beginning of an audience': { aud: 'ap' },
    'no audience': { aud: undefined },
    'an object as audience': { aud: { app: true } },
    'another value of a claim': { token_type: 'refresh' },
    'a claim of another type': { level: '1' },
    'no such claim': { token_type: undefined },
    'no subject': { sub: undefined },
    'an empty subject': { sub: '' },
    'null as subject': { sub: null },
    'true as subject': { sub: true },
    'a list as subject': { sub: [id] },
    'an object as subject': { sub: { id } },
    'a subject with a NUL': { sub: `${id}\u0000` },
    'a subject with a space': { sub: ` ${id}` },
    'a subject with a line feed': { sub: `${id}\n` },
    'a subject with an invisible character': { sub: `${id}\u200b` },
    'a subject with half a character': { sub: `${id}\ud800` },
    'a subject that is far too long': { sub: id.repeat(8) },
    'a negative subject': { sub: -1 },
    'a fraction as subject': { sub: 1.5 },
    'a subject beyond what numbers can tell apart': { sub: 2 ** 53 },
    'no end': { exp: undefined },
    'an end that is a text': { exp: String(now + 600) },
    'an end that is null': { exp: null },
    'a beginning in the future': { nbf: now + 60 },
    'a beginning that is a text': { nbf: String(now) },
    'an issue in the future': { iat: now + 60 },
    'an issue that is a text': { iat: String(now) },
  })
  test.each(Object.keys(claimsAt(0)))('%s', async (what) => {
    expect(await check(await make({ sub: id, ...claimsAt(nowSeconds())[what] }))).toEqual(INVALID)
  })

  test('a token that has expired, or that is older than any may be', async () => {
    const now = nowSeconds()
    for (const claims of [
      { exp: now - 60 },
      { exp: -1 },
      { iat: now - 721 * 3600, exp: now + 600 },
      { iat: undefined, exp: now + 721 * 3600 },
    ]) {
      expect([claims, ...(await check(await make({ sub: id, ...claims })))]).toEqual([claims, 401, 'OLD_TOKEN_EXPIRED'])
    }
  })

  test('an end beyond all numbers', async () => {
    const payload = JSON.stringify({ ...GOOD, sub: id, iat: nowSeconds() }).replace('}', ',"exp":1e400}')
    const { createHmac } = await import('node:crypto')
    const signed = rawToken({ alg: 'HS256' }, payload).split('.').slice(0, 2).join('.')
    const signature = createHmac('sha256', OLD_SECRET).update(signed).digest('base64url')
    expect(await check(`${signed}.${signature}`)).toEqual(INVALID)
  })

  const HEADERS: Record<string, Record<string, unknown>> = {
    'another algorithm of the same family': { alg: 'HS512' },
    'a type that is no access token': { typ: 'logout+jwt' },
    'a type that is a number': { typ: 1 },
    'an extension that must be understood': { crit: ['exp'], exp: 1 },
    'an unencoded payload': { crit: ['b64'], b64: false },
    'a key that is a number': { kid: 7 },
    'a key with a name of a megabyte, nearly': { kid: 'x'.repeat(4000) },
  }
  test.each(Object.entries(HEADERS))('%s', async (_what, header) => {
    const key = Buffer.concat([secretKey(OLD_SECRET), Buffer.alloc(32)])
    const token = await make(
      { sub: id },
      { header: { ...header, b64: true } as never, ...(header.alg ? { key } : {}) },
    ).catch(() => rawToken({ alg: 'HS256', ...header }, { ...GOOD, sub: id, exp: nowSeconds() + 600 }))
    expect(await check(token)).toEqual(INVALID)
  })

  test.each(['none', 'None', 'NONE', 'nOnE', '', 'RS256', 'HS256 ', 'hs256'])('the algorithm "%s"', async (alg) => {
    const [header, payload] = rawToken({ alg, typ: 'JWT' }, { ...GOOD, sub: id, exp: nowSeconds() + 600 }).split('.')
    const { createHmac } = await import('node:crypto')
    const right = createHmac('sha256', OLD_SECRET).update(`${header}.${payload}`).digest('base64url')
    for (const signature of ['', 'AA', right]) expect(await check(`${header}.${payload}.${signature}`)).toEqual(INVALID)
  })

  test('a signature of another secret, of nothing, or changed', async () => {
    const token = await make({ sub: id })
    const [header, payload, signature = ''] = token.split('.')
    const forged = [
      await make({ sub: id }, { key: secretKey(`${OLD_SECRET}x`) }),
      await make({ sub: id }, { key: secretKey('') }).catch(() => 'a.b.c'),
      `${header}.${payload}.${signature.slice(0, -2)}`,
      `${header}.${payload}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${header}.${payload}.${signature}.${signature}`,
      `${header}.${payload}`,
      `${header}%2E${payload}%2E${signature}`,
      `${token},${token}`,
      `${header}.${payload}.${signature}=`,
      rawToken('{"alg":"HS256"', payload),
      rawToken([], {}),
      rawToken('null', 'null'),
      `${'a'.repeat(7000)}.${'b'.repeat(7000)}.c`,
    ]
    for (const one of forged) expect([one, ...(await check(one))]).toEqual([one, ...INVALID])
  })

  test('in a cookie it opens nothing, and neither does it at the public port', async () => {
    const token = await make({ sub: id })
    const client = createClient(stack)
    const headers = { authorization: `Bearer ${token}` }
    for (const path of ['session', 'get-session', 'list-sessions', 'devices']) {
      expect([path, (await client.get(`/api/auth/${path}`, { headers })).status]).toEqual([path, 401])
    }
    const asCookie = await checkSession(stack.internalUrl, { cookie: `better-auth.session_token=${token}` })
    expect(asCookie.status).toBe(401)
  })

  test('every refusal is counted, and logged with its reason but not with the token', async () => {
    await check(await make({ sub: id }))
    stack.lines.length = 0
    const token = await make({ sub: id, aud: 'another' })
    await check(token)
    const metrics = await stack.registry.getSingleMetricAsString('old_tokens_total')
    expect(metrics).toMatch(/old_tokens_total\{use="check",result="accepted"\} \d/)
    expect(metrics).toMatch(/old_tokens_total\{use="check",result="INVALID_TOKEN"\} \d/)
    const line = stack.lines.find((text) => text.includes('an old token was refused')) ?? ''
    expect(JSON.parse(line)).toMatchObject({
      use: 'check',
      code: 'INVALID_TOKEN',
      because: expect.stringContaining('aud'),
    })
    expect(stack.lines.join('')).not.toContain(token.split('.')[1])
  })
})
