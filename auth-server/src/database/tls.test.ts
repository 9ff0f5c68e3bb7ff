import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminUrl, asAdmin, createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { ConfigurationError } from '../errors.ts'
import { connectionOptions } from './pools.ts'
import { isDatabaseUnavailable } from './unavailable.ts'

const folder = mkdtempSync(join(tmpdir(), 'tls-test-'))
const file = (name: string) => join(folder, name)
const OWN_CA = file('ca.crt')
const OTHER_CA = file('other.crt')
/** Makes the certificates; on almost every machine, and no reason to fail where it is not. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

describe('a server without TLS', () => {
  test.each(['require', 'prefer', 'allow', 'verify-full'])(
    'is not talked to in the clear with sslmode=%s',
    async (mode) => {
      expect(await connect({ mode })).toBe('unavailable')
    },
  )
  test.each([undefined, 'disable'])('is talked to with sslmode=%s', async (mode) => {
    expect(await connect({ mode })).toBe('plain')
  })
})

describe.skipIf(!hasOpenssl)(
  'a server with TLS, its certificate for "localhost" signed by an authority of our own',
  () => {
    beforeAll(async () => {
      makeAuthority('ca')
      makeAuthority('other')
      makeServerCertificate('server', 'localhost')
      await putOnServer('tls-test.crt', readFileSync(file('server.crt'), 'utf8'))
      await putOnServer('tls-test.key', readFileSync(file('server.key'), 'utf8'))
      await asAdmin(`ALTER SYSTEM SET ssl_cert_file = 'tls-test.crt'`)
      await asAdmin(`ALTER SYSTEM SET ssl_key_file = 'tls-test.key'`)
      await asAdmin('ALTER SYSTEM SET ssl = on')
      await asAdmin('SELECT pg_reload_conf()')
      await untilTlsIsOn()
    })
    afterAll(async () => {
      for (const setting of ['ssl', 'ssl_cert_file', 'ssl_key_file']) await asAdmin(`ALTER SYSTEM RESET ${setting}`)
      await asAdmin('SELECT pg_reload_conf()')
    })

    test.each<[mode: string | undefined, ca: string | undefined, host: string, result: string]>([
      [undefined, undefined, 'localhost', 'plain'],
      ['disable', undefined, 'localhost', 'plain'],
      ['disable', OWN_CA, 'localhost', 'plain'],
      ['allow', undefined, '127.0.0.1', 'encrypted'],
      ['prefer', undefined, '127.0.0.1', 'encrypted'],
      ['require', undefined, '127.0.0.1', 'encrypted'],
      ['no-verify', OTHER_CA, '127.0.0.1', 'encrypted'],
      ['require', OWN_CA, '127.0.0.1', 'encrypted'],
      ['require', OTHER_CA, 'localhost', 'unavailable'],
      ['verify-ca', OWN_CA, '127.0.0.1', 'encrypted'],
      ['verify-ca', OTHER_CA, 'localhost', 'unavailable'],
      ['verify-full', OWN_CA, 'localhost', 'encrypted'],
      ['verify-full', OWN_CA, '127.0.0.1', 'unavailable'],
      ['verify-full', OTHER_CA, 'localhost', 'unavailable'],
      ['verify-full', undefined, 'localhost', 'unavailable'],
    ])('sslmode=%s, CA %s, reached as %s: %s', async (mode, ca, host, result) => {
      expect(await connect({ mode, ca, host })).toBe(result)
    })

    test('sslrootcert in the URL counts like DATABASE_CA_FILE', async () => {
      expect(await connect({ mode: 'verify-full', more: { sslrootcert: OWN_CA } })).toBe('encrypted')
      expect(await connect({ mode: 'verify-full', more: { sslrootcert: OTHER_CA } })).toBe('unavailable')
      expect(await connect({ mode: 'verify-full', more: { sslrootcert: 'system' } })).toBe('unavailable')
    })

    test('ssl=true, as some providers write it, is sslmode=require', async () => {
      expect(await connect({ more: { ssl: 'true' } })).toBe('encrypted')
    })
  },
)

describe('refused at start, because it would not do what it seems to', () => {
  test.each<[what: string, Attempt]>([
    ['verify-ca without an authority', { mode: 'verify-ca' }],
    ['a CA file without an sslmode', { ca: OWN_CA }],
    ['a CA file that is not there', { mode: 'verify-full', ca: file('missing.crt') }],
    ['a CA file that holds none', { mode: 'verify-full', ca: new URL(import.meta.url).pathname }],
    ['an unknown sslmode', { mode: 'verify_full' }],
    ['sslrootcert=system with less than verify-full', { mode: 'require', more: { sslrootcert: 'system' } }],
  ])('%s', async (_what, attempt) => {
    await expect(connect(attempt)).rejects.toThrow(ConfigurationError)
  })
})

type Attempt = { mode?: string | undefined; ca?: string | undefined; host?: string; more?: Record<string, string> }

async function connect({
  mode,
  ca,
  host = 'localhost',
  more = {},
}: Attempt): Promise<'plain' | 'encrypted' | 'unavailable'> {
  const url = new URL(database.env().DATABASE_URL)
  url.hostname = host
  if (mode !== undefined) url.searchParams.set('sslmode', mode)
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value)
  const client = new pg.Client(connectionOptions({ ...database.env(), DATABASE_CA_FILE: ca }, 'DATABASE_URL', url.href))
  try {
    await client.connect()
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    return rows[0].ssl ? 'encrypted' : 'plain'
  } catch (error) {
    if (isDatabaseUnavailable(error)) return 'unavailable'
    throw error
  } finally {
    await client.end()
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function makeAuthority(name: string): void {
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    file(`${name}.key`),
    '-out',
    file(`${name}.crt`),
  )
}

function makeServerCertificate(name: string, host: string): void {
  writeFileSync(file('names'), `subjectAltName=DNS:${host}\n`)
  openssl('req', ...KEY, '-subj', `/CN=${host}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`))
  const signer = ['-CA', OWN_CA, '-CAkey', file('ca.key'), '-CAcreateserial']
  openssl(
    'x509',
    '-req',
    '-in',
    file(`${name}.csr`),
    ...signer,
    '-days',
    '2',
    '-extfile',
    file('names'),
    '-out',
    file(`${name}.crt`),
  )
}

/** By the server itself: the file must belong to its account, whichever that is. */
async function putOnServer(name: string, pem: string): Promise<void> {
  const rows = `SELECT unnest(string_to_array(${pg.escapeLiteral(pem.trim())}, E'\\n'))`
  await asAdmin(`COPY (${rows}) TO PROGRAM 'umask 077; cat > ${name}'`)
}

async function untilTlsIsOn(): Promise<void> {
  const deadline = Date.now() + 5000
  for (;;) {
    const client = new pg.Client(adminUrl())
    await client.connect()
    const { rows } = await client.query('SHOW ssl')
    await client.end()
    if (rows[0].ssl === 'on') return
    if (Date.now() > deadline) throw new Error('the server did not switch TLS on')
  }
}
