import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection } from './connection.ts'

export type Probes = {
  /** Milliseconds from sending to the response, or to giving up. */
  latencies: number[]
  /** Milliseconds by which the prober itself was late to send: what this machine adds to the figures above. */
  lateness: number[]
  /** How many got no 200 in time. */
  failed: number
}
type Plan = { everyMs: number; seconds: number; timeoutMs: number }

/**
 * Sends a request every `everyMs`, whether or not earlier ones have their response: a client that waited would send fewer
 * requests just when the responses are slow.
 */
export async function probe(port: number, bytes: Buffer, { everyMs, seconds, timeoutMs }: Plan): Promise<Probes> {
  const idle: Connection[] = []
  const probes: Probes = { latencies: [], lateness: [], failed: 0 }
  const inFlight = new Set<Promise<void>>()

  async function sendProbe() {
    const connection = idle.pop() ?? (await openConnection(port))
    const sentAt = performance.now()
    const giveUp = setTimeout(connection.close, timeoutMs)
    const status = await connection.send(bytes).then(
      (response) => response.status,
      () => undefined,
    )
    clearTimeout(giveUp)
    probes.latencies.push(performance.now() - sentAt)
    if (status === 200) idle.push(connection)
    else probes.failed++
  }

  const begin = performance.now()
  for (let number = 0; number * everyMs < seconds * 1000; number++) {
    const due = begin + number * everyMs
    if (due > performance.now()) await sleep(due - performance.now())
    probes.lateness.push(performance.now() - due)
    const sent = sendProbe().finally(() => inFlight.delete(sent))
    inFlight.add(sent)
  }
  await Promise.all(inFlight)
  for (const connection of idle) connection.close()
  return probes
}
