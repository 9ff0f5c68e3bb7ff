import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Account, chooseAccount } from '../../dev/src/postgres/account.ts'
import { findBinaries } from '../../dev/src/postgres/binaries.ts'
import { type Cluster, openCluster, throwawaySettings } from '../../dev/src/postgres/cluster.ts'
import { until } from './until.ts'

type Server = { port: number; adminUrl: string; stop: () => Promise<void>; kill: () => void }

/** A PostgreSQL of a test's own, which can have a standby: to fail over the shared one would fail every other test. */
export async function startPrimary(settings: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'auth-server-clusters-'))
  const account = await chooseAccount(findBinaries())
  const all = { ...throwawaySettings, max_connections: '60', shared_buffers: '16MB', ...settings }
  const clusters: Cluster[] = []
  const open = (name: string) => {
    const cluster = openCluster({ folder: join(folder, name), account, settings: all })
    clusters.push(cluster)
    return cluster
  }
  const first = open('primary')
  const primary = await run(first)

  return {
    primary,
    /** A copy, made while the primary is stopped, that follows it. Changes its `port`: addresses are to be asked for after. */
    addStandby: async () => {
      await first.stop()
      const names = ['primary', 'standby'].map((name) => folderOf(account, join(folder, name)))
      cpSync(names[0] ?? '', names[1] ?? '', { recursive: true })
      if (account.kind === 'nobody') throw new Error('these tests need user namespaces where they run as root')
      rmSync(join(names[1] ?? '', 'port'))
      const restarted = await run(first)
      const data = join(names[1] ?? '', 'data')
      writeFileSync(join(data, 'standby.signal'), '')
      writeFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${restarted.adminUrl}'\n`, { flag: 'a' })
      return { primary: restarted, standby: await run(open('standby')) }
    },
    stop: async () => {
      for (const cluster of clusters) await cluster.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const folderOf = (account: Account, wanted: string) => account.ownFolder(wanted)

async function run(cluster: Cluster): Promise<Server> {
  const { command, cwd, port, adminUrl } = await cluster.prepare()
  const [file = '', ...args] = command
  const server = spawn(file, args, { cwd, stdio: 'ignore', detached: true })
  await until(() => isUp(adminUrl), 20_000)
  return {
    port,
    adminUrl,
    stop: () => cluster.stop(),
    kill: () => process.kill(cluster.running()?.pid ?? server.pid ?? 0, 'SIGKILL'),
  }
}

async function isUp(adminUrl: string): Promise<boolean> {
  return ask(adminUrl, 'SELECT').then(
    () => true,
    () => false,
  )
}

/** One statement over a connection of its own, as superuser. */
export async function ask<Row extends pg.QueryResultRow>(url: string, text: string, values?: unknown[]) {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}
