import { setTimeout as sleep } from 'node:timers/promises'

/** Whether the HTTP address responds with 2xx, or the PostgreSQL at the address with a row. */
export function isReady(url: string, timeoutMs = 2000): Promise<boolean> {
  return url.startsWith('postgresql:') ? canQuery(url, timeoutMs) : isOk(url, timeoutMs)
}

async function isOk(url: string, timeoutMs: number): Promise<boolean> {
  try {
    // Connections are not kept: a service that stops must not wait for this one.
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { connection: 'close' } })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

async function canQuery(url: string, timeoutMs: number): Promise<boolean> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs })
  // A server that is killed meanwhile tells this connection too; the query's own error is enough.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

type Waiting = { url: string; deadlineMs: number; isAlive(): boolean; signal: AbortSignal }

/** Polls until the address is ready. Gives up early when the process behind it has ended. */
export async function waitUntilReady(waiting: Waiting): Promise<'ready' | 'ended' | 'too late'> {
  for (const deadline = Date.now() + waiting.deadlineMs; Date.now() < deadline; await sleep(50)) {
    waiting.signal.throwIfAborted()
    if (await isReady(waiting.url)) return 'ready'
    if (!waiting.isAlive()) return 'ended'
  }
  return 'too late'
}
