import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repository } from '../../dev/src/paths.ts'
import type { Bench } from '../bench.ts'
import { subscribe } from '../load/subscribers.ts'
import { startOurs } from '../processes/auth-servers.ts'

export type FeedLoad = {
  subscribers: number
  pingsPerSecond: number
  /** CPU microseconds in a second: of the auth server, and of PostgreSQL. */
  server: number
  postgres: number
}

const SETTLING_MS = 2000
/** As often as an active process pings: when the lease of 2 s is half over. */
const PING_EVERY_MS = 1000

/** What connected processes cost an auth server that has nothing else to do. */
export async function measureFeed(bench: Bench, sizes: number[], seconds: number): Promise<FeedLoad[]> {
  const found: FeedLoad[] = []
  for (const size of sizes) found.push(await measureSize(bench, size, seconds))
  return found
}

async function measureSize(bench: Bench, count: number, seconds: number): Promise<FeedLoad> {
  const server = await startOurs(bench)
  const { internalToken } = bench.stack
  const plan = { port: server.internalPort, path: feedPath(), internalToken, count, pingEveryMs: PING_EVERY_MS }
  await isListening(server.internalPort, internalToken)
  const subscribers = await subscribe(plan)
  await sleep(SETTLING_MS)
  const pongs = () => messagesOf(server.internalPort, internalToken, 'pong')
  const before = await pongs()
  const { micros } = await bench.meter.during([() => [server.pid], bench.database.processes], () =>
    sleep(seconds * 1000),
  )
  const after = await pongs()
  const lost = subscribers.lost()
  subscribers.close()
  await server.stop()
  if (lost > 0) throw new Error(`The feed has closed ${lost} of ${count} connections: what is left is no measurement`)
  const [ofServer = 0, ofPostgres = 0] = micros
  return {
    subscribers: count,
    pingsPerSecond: (after - before) / seconds,
    server: ofServer / seconds,
    postgres: ofPostgres / seconds,
  }
}

/** Pings that the stack's auth server answers in a second while `work` runs. */
export async function pongsDuring<T>({ stack }: Bench, work: () => Promise<T>): Promise<{ pongs: number; result: T }> {
  const port = Number(new URL(stack.internalUrl).port)
  const before = await messagesOf(port, stack.internalToken, 'pong')
  const result = await work()
  return { pongs: (await messagesOf(port, stack.internalToken, 'pong')) - before, result }
}

async function isListening(port: number, internalToken: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await metric(port, internalToken, 'feed_listening')) === 1) return
    await sleep(50)
  }
  throw new Error('The auth server does not receive revocations')
}

const messagesOf = (port: number, token: string, type: string) =>
  metric(port, token, `feed_messages_total{type="${type}"}`)

async function metric(port: number, internalToken: string, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { 'x-internal-token': internalToken } })
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.slice(name.length) ?? 0)
}

function feedPath(): string {
  const contract = readFileSync(join(repository, 'contract', 'lease.json'), 'utf8')
  return (JSON.parse(contract) as { feed: string }).feed
}
