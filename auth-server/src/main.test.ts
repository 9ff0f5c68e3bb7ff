import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { ownPorts } from '../test/program.ts'
import { PROGRAM } from '../test/program-file.ts'
import { until } from '../test/until.ts'

let database: TestDatabase
let migrated: TestDatabase
let ports = { AUTH_PORT: '', AUTH_INTERNAL_PORT: '' }
const url = () => `http://127.0.0.1:${ports.AUTH_PORT}`

beforeAll(async () => {
  ;[database, migrated] = await Promise.all([createTestDatabase(), createTestDatabase()])
  expect(await finished(start('migrate', migrated.variables()))).toMatchObject({ code: 0 })
})
afterAll(() => Promise.all([database.drop(), migrated.drop()]))
beforeEach(async () => {
  ports = await ownPorts()
})

type Started = { child: ChildProcess; output: () => string }

/** The program itself, with nothing in its environment but the ports of this test and what is given. */
function start(command: string, variables: Record<string, string>): Started {
  const env = { PATH: process.env.PATH, ...ports, ...variables }
  const child = spawn(process.execPath, [PROGRAM, command], {
    cwd: new URL('..', import.meta.url),
    env: env as NodeJS.ProcessEnv,
  })
  let output = ''
  child.stdout.on('data', (bytes) => (output += bytes))
  child.stderr.on('data', (bytes) => (output += bytes))
  return { child, output: () => output }
}

async function finished({ child, output }: Started): Promise<{ code: number | null; output: string }> {
  const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode]
  return { code, output: output() }
}

async function untilServed(): Promise<void> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      await fetch(url())
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const production = (base: TestDatabase) => ({
  ...base.variables(),
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: randomBytes(32).toString('hex'),
  INTERNAL_TOKEN: randomBytes(32).toString('hex'),
  PUBLIC_URL: 'https://app.acme.org',
  REQUIRE_EMAIL_VERIFICATION: 'false',
})

test.each(['serve', 'migrate', 'setup-database', 'check-config', 'make-admin'])(
  '%s names every error, no value, and exits 78',
  async (command) => {
    const { code, output } = await finished(start(command, { BETTER_AUTH_SECRET: 'canary', AUTH_PORT: 'canary' }))
    expect(code).toBe(78)
    for (const name of ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN', 'DATABASE_URL', 'PUBLIC_URL', 'AUTH_PORT']) {
      expect(output).toContain(name)
    }
    expect(output).not.toContain('canary')
  },
)

test('an unknown command exits 78 and names the known ones', async () => {
  const { code, output } = await finished(start('sevre', database.variables()))
  expect([code, output]).toEqual([78, expect.stringContaining('setup-database')])
})

test('check-config accepts what can be used without a database, and starts nothing', async () => {
  const variables = { ...production(database), DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x', DATABASE_URL_DIRECT: '' }
  expect(await finished(start('check-config', variables))).toEqual({
    code: 0,
    output: 'auth-server: the configuration can be used\n',
  })
})

test('production refuses to serve a database that is not migrated', async () => {
  const { code, output } = await finished(start('serve', production(database)))
  expect([code, output]).toEqual([78, expect.stringContaining('migrate')])
})

test('development serves it, and says that it is not ready', async () => {
  const started = start('serve', database.variables())
  await untilServed()
  const ready = await fetch(`${url()}/health/ready`)
  const signIn = await fetch(`${url()}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'some password' }),
  })
  started.child.kill('SIGTERM')

  expect([ready.status, await ready.json()]).toEqual([503, { code: 'MIGRATIONS_PENDING', message: expect.any(String) }])
  expect(signIn.status).toBe(503)
  expect((await finished(started)).code).toBe(0)
})

test('a port that is taken is named, with its variable', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const taken = typeof address === 'object' && address !== null ? String(address.port) : ''
  for (const variable of ['AUTH_PORT', 'AUTH_INTERNAL_PORT']) {
    const { code, output } = await finished(start('serve', { ...migrated.variables(), [variable]: taken }))
    expect([code, output]).toEqual([78, expect.stringMatching(new RegExp(`${variable}: .*${taken}.*EADDRINUSE`))])
  }
  other.close()
})

test('a database that is unavailable at the start is waited for', async () => {
  const started = start('serve', { ...production(migrated), DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' })
  await untilServed()
  const [live, ready] = [await fetch(`${url()}/health/live`), await fetch(`${url()}/health/ready`)]
  started.child.kill('SIGINT')

  expect([live.status, ready.status]).toEqual([200, 503])
  expect((await finished(started)).code).toBe(0)
})

test('its log is written while it runs, and to the last line when it ends', async () => {
  const started = start('serve', migrated.variables())
  await until(async () => started.output().includes('"msg":"listening"'))
  started.child.kill('SIGTERM')
  expect((await finished(started)).output).toContain('"msg":"stopping"')
})

test('after SIGTERM it finishes what is under way, accepts nothing new, and exits 0', async () => {
  const started = start('serve', migrated.variables())
  await untilServed()
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'some password' })
  const head = [
    'POST /api/auth/sign-in/email HTTP/1.1',
    'Host: a',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
  ]
  const socket = connect(Number(ports.AUTH_PORT), '127.0.0.1')
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data') // "100 Continue": the server has read the head, so this request is under way
  const response = text(socket)
  started.child.kill('SIGTERM')
  await refusing()
  socket.write(body)

  expect(await response).toMatch(/^HTTP\/1.1 401 .*INVALID_EMAIL_OR_PASSWORD/s)
  expect((await finished(started)).code).toBe(0)
})

test('after SIGTERM it is not ready, and serves for as long as a balancer needs to notice', async () => {
  const started = start('serve', { ...migrated.variables(), SHUTDOWN_DELAY_SECONDS: '4' })
  await untilServed()
  const ready = async () => {
    const response = await fetch(`${url()}/health/ready`)
    return [response.status, ((await response.json()) as { code?: string }).code]
  }
  await until(async () => (await ready())[0] === 200)
  started.child.kill('SIGTERM')

  await until(async () => (await ready())[0] === 503)
  expect(await ready()).toEqual([503, 'SHUTTING_DOWN'])
  expect((await fetch(`${url()}/health/live`)).status).toBe(200)
  expect((await fetch(`${url()}/api/auth/session`)).status).toBe(401)
  await refusing()
  expect((await finished(started)).code).toBe(0)
})

async function refusing(): Promise<void> {
  while (
    await fetch(url()).then(
      () => true,
      () => false,
    )
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
