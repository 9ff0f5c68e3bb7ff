import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPools } from '../src/database/pools.ts'
import { readEnv } from '../src/env.ts'
import { startServer, stopServer } from '../src/http/server.ts'
import { acceptUpgrades } from '../src/http/upgrade.ts'
import { createLog } from '../src/log.ts'
import { migrate } from '../src/migrations/migrate.ts'
import { type Hashing, hashingAt } from '../src/passwords/hash.ts'
import type { startFeed } from '../src/revocation/feed.ts'
import { createServices } from '../src/services.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { startProxy } from './proxy.ts'

/** For tests of many requests at once: on a slow machine the last of them wait for a connection longer than users should. */
export const PATIENT = { DATABASE_CONNECT_TIMEOUT_MS: '20000', DATABASE_STATEMENT_TIMEOUT_MS: '20000' }

/** For tests that try more often than a user does. */
export const UNLIMITED = {
  ...PATIENT,
  RATE_LIMIT_DEFAULT: '100000/10',
  RATE_LIMIT_SIGN_IN: '100000/10',
  RATE_LIMIT_ACCOUNT: '100000/10',
}

type PartChanges = Pick<Parameters<typeof startFeed>[0], 'timing' | 'limits'> & { hashing?: Hashing }

/** A password is hashed in microseconds, unless a test brings its own. */
const CHEAP = { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 }

/** A database of its own, migrated, and the real server on both ports in front of it. */
export async function startTestStack(changes: Record<string, string> = {}, partChanges: PartChanges = {}) {
  const database = await migrated(changes)
  return startOn(database, { ...database.variables(), ...changes }, partChanges)
}

/** Two proxies between server and database: `proxy` for the pools, `direct` for DATABASE_URL_DIRECT. */
export async function startProxiedStack(changes: Record<string, string> = {}, partChanges: PartChanges = {}) {
  const database = await migrated(changes)
  const proxy = await startProxy(database)
  const direct = await startProxy(database)
  const DATABASE_URL_DIRECT = database.variables(direct.port).DATABASE_URL ?? ''
  const variables = { ...database.variables(proxy.port), DATABASE_URL_DIRECT, ...changes }
  const stack = await startOn(database, variables, partChanges, [proxy, direct])
  return { ...stack, proxy, direct }
}

async function migrated(changes: Record<string, string>): Promise<TestDatabase> {
  const database = await createTestDatabase()
  await migrate(database.env(changes), createLog({ LOG_LEVEL: 'silent' }))
  return database
}

async function startOn(
  database: TestDatabase,
  variables: Record<string, string>,
  partChanges: PartChanges,
  proxies: { close: () => Promise<void> }[] = [],
) {
  const server = await startTestServer(variables, partChanges)
  return {
    ...server,
    variables,
    database,
    sql: database.sql,
    stop: async () => {
      await server.stop()
      for (const proxy of proxies) await proxy.close()
      await database.drop()
    },
  }
}

/** The server of commands/serve.ts, on free ports and with its log in an array. Migrates nothing. */
export async function startTestServer(variables: Record<string, string>, partChanges: PartChanges = {}) {
  const lines: string[] = []
  const env = readEnv({ CORS_ORIGIN: 'http://localhost:3000', RATE_LIMIT_SIGN_IN: '1000/10', ...variables })
  const log = createLog({ LOG_LEVEL: 'debug' }, { write: (line) => void lines.push(line) })
  const background = createPools(env, log)
  const { hashing = hashingAt(CHEAP), ...feed } = partChanges
  const services = createServices(env, log, { background, feed, hashing })
  const { publicFetch, internalApp, pools } = services
  const publicServer = await startServer(publicFetch, { host: '127.0.0.1', port: 0, variable: 'AUTH_PORT' }, log)
  const address = { host: '127.0.0.1', port: 0, variable: 'AUTH_INTERNAL_PORT' }
  const internalServer = await startServer(internalApp.fetch, address, log)
  acceptUpgrades(internalServer, internalApp.fetch)
  return {
    ...services,
    lines,
    url: urlOf(publicServer),
    internalUrl: urlOf(internalServer),
    stop: async () => {
      const servers = [publicServer, internalServer].map((server) => stopServer(server, 1000))
      await Promise.all([...servers, services.feed.stop(), services.mail.stop()])
      await Promise.all([pools.end(), background.end()])
    },
  }
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
