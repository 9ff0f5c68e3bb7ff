import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { keepAsking, setProcessDate } from '../clock/process-date.ts'
import { startCleanup } from '../database/cleanup.ts'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'
import { startServer, stopServer } from '../http/server.ts'
import { acceptUpgrades } from '../http/upgrade.ts'
import { createLog } from '../log.ts'
import { lowerHashingPriority } from '../passwords/priority.ts'
import { createServices, type Services } from '../services.ts'
import { type Command, noOptions } from './command.ts'

const GRACE_MS = 10_000

/** Starts both ports; resolves when they listen. The process then runs until a signal stops it. */
export const command: Command = { usage: 'serve', takes: noOptions, run: serve }

async function serve(env: Env): Promise<void> {
  const log = createLog(env)
  await lowerHashingPriority(log)
  const services = createServices(env, log)
  setProcessDate(services.clock.now)
  await refuseUnmigrated(services)

  const stopCleanup = startCleanup({ pools: services.pools, env, log })
  const stopNoting = services.lastUses.start()
  const stopAsking = keepAsking(services.clock, log)

  const servers: Server[] = []
  const delayMs = env.SHUTDOWN_DELAY_SECONDS * 1000
  // Before it listens: whoever sees that it does may stop it at once.
  closeWithGrace({ delay: delayMs + GRACE_MS + 2000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'stopping after an error nobody caught')
    else log.info({ signal }, 'stopping')
    services.lifecycle.isStopping = true
    // A balancer learns of it from the readiness, and sends requests until then.
    if (!err) await sleep(delayMs)
    stopAsking()
    const [publicStopped, internalStopped] = servers.map((server) => stopServer(server, GRACE_MS))
    await Promise.all([
      // Without the feed, ends that are being acknowledged would be held by time.
      Promise.resolve(publicStopped).then(() => services.feed.stop()),
      internalStopped,
      services.mail.stop(),
      stopCleanup(),
    ])
    await stopNoting() // when no check is under way any more
    await services.pools.end()
  })
  await startServers(services, servers)
}

async function startServers({ env, log, publicFetch, internalApp }: Services, servers: Server[]): Promise<void> {
  const address = { port: env.AUTH_PORT, host: env.AUTH_HOST, variable: 'AUTH_PORT' }
  const internal = { port: env.AUTH_INTERNAL_PORT, host: env.AUTH_INTERNAL_HOST, variable: 'AUTH_INTERNAL_PORT' }
  servers.push(await startServer(publicFetch, address, log))
  const internalServer = await startServer(internalApp.fetch, internal, log)
  acceptUpgrades(internalServer, internalApp.fetch)
  servers.push(internalServer)
}

/** A database that is unavailable is waited for, with 503s; one that is behind would be served wrongly. */
async function refuseUnmigrated({ env, readiness, feed, mail, pools }: Services): Promise<void> {
  if (env.NODE_ENV !== 'production') return
  const found = await readiness()
  if (found.state === 'ready' || found.state === 'database-unavailable') return
  await Promise.all([feed.stop(), mail.stop()])
  await pools.end()
  if (found.state === 'misconfigured') throw new ConfigurationError(found.problems)
  if (found.state === 'schema-differs') {
    throw new ConfigurationError([
      ...found.problems,
      'run the migrate command first: it repairs these, or says what to do',
    ])
  }
  throw new ConfigurationError(['the database is not migrated for this version: run the migrate command first'])
}
