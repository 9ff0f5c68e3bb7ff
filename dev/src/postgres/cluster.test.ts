import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { postgresSpec } from '../embedded/plan.ts'
import { freePort } from '../processes/ports.ts'
import { Service } from '../supervisor/service.ts'
import { type Account, asNobody, chooseAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { type Cluster, openCluster, throwawaySettings } from './cluster.ts'

let account: Account
let folder: string
let cluster: Cluster

const open = (by: Account, port?: number) =>
  openCluster({ folder: join(folder, 'pg'), account: by, settings: throwawaySettings, port })

async function start() {
  const prepared = await cluster.prepare()
  const service = new Service(postgresSpec({ machine: { PATH: '/usr/sbin:/usr/bin:/bin' }, folder }, prepared))
  await service.start(new AbortController().signal)
  return { ...prepared, service, pid: service.leader?.pid ?? 0 }
}

beforeAll(async () => {
  account = await chooseAccount(findBinaries())
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a folder with spaces '))
  cluster = open(account)
})
afterEach(async () => {
  await cluster.remove()
  rmSync(folder, { recursive: true })
})

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

test('data outlives a restart, and so does the address, which is known before', async () => {
  const planned = await cluster.plan()
  const first = await start()
  expect(first.adminUrl).toBe(planned.adminUrl)
  await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one')
  await first.service.stop()
  expect(cluster.running()).toBeUndefined()

  const second = await start()

  expect(second.port).toBe(first.port)
  expect(await query(second.adminUrl, 'SELECT * FROM kept')).toEqual([{ one: 1 }])
})

test('what runs is found by whoever looks, and keeps its port whatever the settings say', async () => {
  const { pid, port, adminUrl } = await start()

  expect(open(account).running()).toEqual({ pid, port, adminUrl })
  expect(await open(account, await freePort()).plan()).toMatchObject({ port, adminUrl })
})

test('a server that a killed supervisor left gives way to the next', async () => {
  const left = await start()

  const { pid, adminUrl } = await start()

  expect(pid).not.toBe(left.pid)
  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a wrong password opens nothing', async () => {
  const { adminUrl } = await start()
  const url = new URL(adminUrl)
  url.password = 'guessed'

  await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
})

test('a killed server starts again', async () => {
  const { pid } = await start()
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(cluster.running()).toBeUndefined(), 10_000)

  const { adminUrl } = await start()

  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a lock file that names another living process does not keep it from starting', async () => {
  await start()
  const lock = join(folder, 'pg', 'data', 'postmaster.pid')
  const left = readFileSync(lock, 'utf8')
  await cluster.stop()
  // Not this process or one above it: those PostgreSQL recognises itself.
  const sleeper = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  writeFileSync(lock, left.replace(/^\d+/, String(sleeper.pid)))

  expect(cluster.running()).toBeUndefined()
  const { adminUrl } = await start().finally(() => sleeper.kill())

  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('it listens on loopback alone', async () => {
  const { adminUrl } = await start()

  const settings =
    "SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets"
  expect(await query(adminUrl, settings)).toEqual([{ listen: '127.0.0.1', sockets: '' }])
})

test.runIf(process.getuid?.() === 0)('root without user namespaces runs it as nobody', async () => {
  const place = mkdtempSync('/var/tmp/nobody-')
  chmodSync(place, 0o755)
  cluster = open(asNobody(findBinaries(), place))

  const { adminUrl, pid } = await start()

  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534/m)
  await cluster.remove()
  rmSync(place, { recursive: true })
})
