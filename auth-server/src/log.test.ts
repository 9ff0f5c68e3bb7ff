import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, signUp } from '../test/client.ts'
import { INTERNAL_TOKEN, SECRET } from '../test/database.ts'
import { startProxiedStack } from '../test/harness.ts'
import { createLog, duringRequest, outsideOfRequests } from './log.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>

beforeAll(async () => {
  stack = await startProxiedStack()
})
afterAll(() => stack.stop())

test('no secret, token, cookie, password or address gets into the log, whatever happens', async () => {
  const { client, token, email } = await signUp(stack)
  const password = 'canary-password'
  const wrong = { email: 'canary-mail@example.com', password, name: 'canary-name', token: 'canary-body-token' }
  const paths = [
    'sign-in/email',
    'sign-up/email',
    'sign-up/email',
    'reset-password',
    'request-password-reset',
    'nowhere',
  ]
  for (const path of [...paths, 'update-user', 'change-password']) {
    await client.post(`/api/auth/${path}?token=canary-query`, { body: wrong })
  }
  for (const path of [
    'reset-password/canary-path',
    'verify-email?token=canary-query',
    'error?error=canary-error',
    'canary-unknown',
  ]) {
    await client.get(`/api/auth/${path}`, { headers: { 'user-agent': 'canary-agent', referer: 'http://canary/' } })
  }
  await createClient(stack).get('/api/auth/session', { headers: { authorization: `Bearer canary-bearer` } })
  await stack.proxy.refuse()
  await client.post('/api/auth/sign-in/email', { body: wrong })
  await client.post('/api/auth/sign-up/email', { body: wrong })
  await client.get('/api/auth/list-sessions')
  await stack.proxy.pass()

  const log = stack.lines.join('')
  expect(stack.lines.length).toBeGreaterThan(15)
  expect(log).not.toMatch(/canary/i)
  const raw = token.split('.')[0] ?? ''
  for (const value of [SECRET, INTERNAL_TOKEN, raw, email, stack.env.DATABASE_URL]) expect(log).not.toContain(value)
})

test('each request has one line, with its id, the pattern of its route and its status', async () => {
  const from = stack.lines.length
  const headers = { 'x-request-id': 'request-of-the-test' }
  await createClient(stack).get('/api/auth/reset-password/some-token?callbackURL=/', { headers })
  await createClient(stack).get('/api/auth/session', { headers })
  await createClient(stack).get('/no/such/path', { headers })

  const lines = stack.lines.slice(from).map((line) => JSON.parse(line) as Record<string, unknown>)
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests.map(({ level, requestId, method, route }) => ({ level, requestId, method, route }))).toEqual(
    ['/api/auth/reset-password/:token', '/api/auth/session', 'unknown'].map((route) => ({
      level: 'info',
      requestId: 'request-of-the-test',
      method: 'GET',
      route,
    })),
  )
})

test('a failure is logged once, with its cause', async () => {
  const { client } = await signUp(stack)
  const from = stack.lines.length
  await stack.proxy.refuse()
  await client.get('/api/auth/list-sessions')
  await stack.proxy.pass()

  const errors = stack.lines.slice(from).map((line) => JSON.parse(line) as Record<string, unknown>)
  const failed = errors.filter(({ level }) => level === 'error')
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', err: { message: expect.any(String) } })
})

test("PostgreSQL's details and control characters stay out of the log's lines", () => {
  const lines: string[] = []
  const log = createLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) })
  const cause = Object.assign(new Error('invalid input syntax for type integer: "canary"'), {
    severity: 'ERROR',
    code: '22P02',
    detail: 'Key (email)=(canary@example.com) already exists.',
  })
  log.error({ err: new Error('outer\n\u001b[31m', { cause }) }, 'failed')

  expect(lines.join('')).not.toContain('canary')
  expect(lines).toHaveLength(1)
  for (const control of ['\n', '\u001b']) expect(lines[0]?.trimEnd()).not.toContain(control)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { cause: { code: '22P02' } } })
})

test('metrics name routes by their patterns only', async () => {
  await createClient(stack).get('/api/auth/reset-password/canary-token')
  await createClient(stack).get('/api/auth/canary-path')
  const metrics = await stack.registry.metrics()

  expect(metrics).toContain('route="/api/auth/reset-password/:token"')
  expect(metrics).toContain('route="/api/auth/sign-in/email"')
  expect(metrics).not.toContain('canary')
})

type Line = { msg: string; requestId?: string; level: string }
const linesOf = (requestId: string) =>
  stack.lines.map((line) => JSON.parse(line) as Line).filter((line) => line.requestId === requestId)

test('every line that a request causes says which one, those of better-auth included', async () => {
  const client = createClient(stack)
  const headers = { 'x-request-id': 'wrong-password-of-ada' }
  const body = { email: 'ada@example.com', password: 'not the password' }
  const before = stack.lines.length
  expect((await client.post('/api/auth/sign-in/email', { body, headers })).status).toBe(401)

  const written = stack.lines.slice(before).map((line) => JSON.parse(line) as Line)
  const lines = linesOf('wrong-password-of-ada')
  expect(lines.filter(({ msg }) => msg.startsWith('better-auth: ')).map(({ level }) => level)).toContain('debug')
  expect(lines.at(-1)?.msg).toBe('request')
  expect(written.filter(({ msg }) => msg.startsWith('better-auth: ')).every(({ requestId }) => requestId)).toBe(true)
})

test('requests at the same time keep their lines apart', async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `at-the-same-time-${index}`)
  await Promise.all(
    ids.map((id) => {
      const body = { email: `${id}@example.com`, password: 'not the password' }
      const headers = { 'x-request-id': id }
      return createClient(stack).post('/api/auth/sign-in/email', { body, headers })
    }),
  )
  for (const id of ids) {
    expect(linesOf(id).filter(({ msg }) => msg === 'request')).toHaveLength(1)
    expect(linesOf(id).length).toBeGreaterThan(1)
  }
})

test('what a request only sets off is not its own', () => {
  const lines: string[] = []
  const log = createLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) })
  duringRequest('the-request', () => {
    log.info('in it')
    outsideOfRequests(() => log.info('set off'))
    log.info({ requestId: 'named' }, 'said otherwise')
  })
  log.info('after it')
  expect(lines.map((line) => (JSON.parse(line) as Line).requestId)).toEqual([
    ...['the-request', undefined, 'named', undefined],
  ])
})
