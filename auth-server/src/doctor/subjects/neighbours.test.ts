import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { roleOf, userWith } from '../../../test/faults.ts'
import { startMailServer } from '../../../test/mail-server.ts'
import { startTestProvider } from '../../../test/provider.ts'
import { KeyRing } from '../../connected/encryption.ts'
import { encryptionKeysOf } from '../../env-connected.ts'

let practice: Practice
let whole: Practice['variables']
beforeAll(async () => {
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000' })
  practice.shell('auth-server migrate')
  whole = practice.variables
})
afterAll(() => practice.stop())

async function idsOf(
  subject: string,
  changes: Record<string, string> = {},
  options: Parameters<Practice['look']>[1] = {},
) {
  practice.variables = { ...whole, ...changes }
  return (await practice.look([subject], options)).map(({ id }) => id)
}

test('mail-unreachable: found while the mail server is unavailable', async () => {
  const server = await startMailServer()
  const settings = { SMTP_URL: server.url, MAIL_FROM: 'no-reply@acme.org' }
  expect(await idsOf('Neighbours', settings)).toEqual([])
  await server.stop()
  expect(await idsOf('Neighbours', settings)).toEqual(['mail-unreachable'])
  await server.start()
  expect(await idsOf('Neighbours', settings)).toEqual([])
  expect(server.mails).toEqual([])
  await server.stop()
})

test('mail-unreachable: found where the mail server does not take the password', async () => {
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) =>
      password === 'right' ? callback(null, { user: 'me' }) : callback(new Error('canary')),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const withPassword = (password: string) => ({
    SMTP_URL: `smtp://me:${password}@127.0.0.1:${port}`,
    MAIL_FROM: 'no-reply@acme.org',
  })
  expect(await idsOf('Neighbours', withPassword('right'))).toEqual([])
  expect(await idsOf('Neighbours', withPassword('wrong'))).toEqual(['mail-unreachable'])
  await new Promise<void>((resolve) => server.close(resolve))
})

test('old-token-keys-unreachable: found while the issuer sends no key that can verify', async () => {
  let response = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: '1' }] })
  const issuer = createServer((_request, reply) => reply.end(response))
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const { port } = issuer.address() as AddressInfo
  const settings = {
    ...{ OLD_TOKENS_UNTIL: '2099-01-01', OLD_TOKENS_ALGORITHM: 'ES256', OLD_TOKENS_ISSUER: 'https://old.acme.org' },
    OLD_TOKENS_JWKS_URL: `http://127.0.0.1:${port}/`,
  }
  expect(await idsOf('Neighbours', settings)).toEqual([])
  expect(await idsOf('Neighbours', { ...settings, OLD_TOKENS_ALGORITHM: 'RS256' })).toEqual([
    'old-token-keys-unreachable',
  ])
  response = '<html>'
  expect(await idsOf('Neighbours', settings)).toEqual(['old-token-keys-unreachable'])
  issuer.close()
  expect(await idsOf('Neighbours', settings)).toEqual(['old-token-keys-unreachable'])
})

test('provider-unreachable and service-unreachable: found while a discovery document cannot be used', async () => {
  const provider = await startTestProvider('acme')
  const services = [{ kind: 'oauth', id: 'drive', name: 'Drive', issuer: provider.issuer, clientId: 'x' }]
  const settings = {
    OIDC_PROVIDERS: JSON.stringify([provider.settings]),
    CONNECTED_SERVICES: JSON.stringify(services),
    ENCRYPTION_KEYS: `1:${randomBytes(32).toString('hex')}`,
  }
  expect(await idsOf('Neighbours', settings)).toEqual([])
  provider.behaviour.fails.set('discovery', 503)
  expect(await idsOf('Neighbours', settings)).toEqual(['provider-unreachable', 'service-unreachable'])
  provider.behaviour.fails.clear()
  provider.behaviour.discovery = { issuer: 'https://elsewhere.example' }
  expect(await idsOf('Neighbours', settings)).toContain('provider-unreachable')
  await provider.stop()
})

test('clock-off: this machine is compared with the database', async () => {
  const shifted = (by: number) => ({ now: () => Date.now() + by })
  expect(await idsOf('Clocks', {}, shifted(60_000))).toEqual(['clock-off'])
  expect(await idsOf('Clocks', {}, shifted(-60_000))).toEqual(['clock-off'])
  expect(await idsOf('Clocks', {}, shifted(0))).toEqual([])
})

test('backend-clock-off and backend-unreachable: and with the backend, where it is said to be', async () => {
  let ahead = 0
  const server = createServer((_, response) => {
    response.setHeader('date', new Date(Date.now() + ahead).toUTCString())
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const backendUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  expect(await idsOf('Clocks', {}, { backendUrl })).toEqual([])
  ahead = 60_000
  expect(await idsOf('Clocks', {}, { backendUrl })).toEqual(['backend-clock-off'])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await idsOf('Clocks', {}, { backendUrl })).toEqual(['backend-unreachable'])
})

test('encryption-outdated: rotate-keys, which it names, ends it', async () => {
  const [one, two] = [`1:${randomBytes(32).toString('hex')}`, `2:${randomBytes(32).toString('hex')}`]
  const ring = new KeyRing(encryptionKeysOf({ ENCRYPTION_KEYS: one }).value)
  const token = ring.encrypt('x', { userId: 'drives', providerId: 'connected:drive', column: 'accessToken' })
  await practice.sql(
    userWith('drives', { providerId: `'connected:drive'`, password: 'NULL', accessToken: `'${token}'` }),
  )
  practice.variables = { ...whole, ENCRYPTION_KEYS: `${two},${one}` }
  const [found] = await practice.look(['Secrets'])
  expect([found?.id, found?.fix[0]?.text]).toEqual(['encryption-outdated', 'auth-server rotate-keys'])
  practice.shell('auth-server rotate-keys')
  expect((await practice.look(['Secrets'])).map(({ id }) => id)).toEqual(['encryption-key-unused'])
})

test('database-version and transaction-open: by the time that passes', async () => {
  expect(await idsOf('Database')).toEqual([])
  expect(await idsOf('Database', {}, { now: () => Date.parse('2045-01-01') })).toEqual(['database-version'])

  const client = await practice.openTransaction()
  practice.variables = { ...whole }
  const late = { now: () => Date.now() + 3_600_000 }
  const found = (await practice.look(['Database'], late)).find(({ id }) => id === 'transaction-open')
  for (const fix of found?.fix ?? []) await practice.follow(fix)
  expect(await idsOf('Database', {}, late)).toEqual([])
  await client.end().catch(() => undefined)
})

test('database-clear: an address elsewhere without TLS', async () => {
  const url = (whole.DATABASE_URL ?? '').replace('127.0.0.1', '0.0.0.0')
  expect(await idsOf('Database', { DATABASE_URL: url, DATABASE_URL_DIRECT: url })).toEqual(['database-clear'])
})

test('role-shared: one role for both services', async () => {
  practice.variables = whole
  expect(await idsOf('Roles', { BACKEND_DB_ROLE: roleOf(practice) })).toContain('role-shared')
})

test('app-unreadable: without the address of a role that may read the rows', async () => {
  await practice.follow({
    kind: 'sql',
    as: "owner of the backend's tables",
    text: 'CREATE TABLE app.carts (user_id text)',
  })
  const { BACKEND_DATABASE_URL: _, BACKEND_MIGRATION_DATABASE_URL: __, ...without } = whole
  practice.variables = without
  expect((await practice.look(['App'])).map(({ id }) => id)).toEqual(['app-unreadable'])
  expect(await idsOf('App')).toEqual(['app-column-without-key'])
})

test('schema-note: what migrate leaves as it is', async () => {
  await practice.sql(userWith('two-rows', { accountId: `'a'` }))
  await practice.sql(
    `INSERT INTO account (id, "userId", "accountId", "providerId", password) VALUES ('b', 'two-rows', 'b', 'credential', 'x')`,
  )
  expect(await idsOf('Schema')).toEqual(['schema-note'])
})
