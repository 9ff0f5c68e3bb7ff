import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection } from './connection.ts'

export type Probes = {
  /** Milliseconds from sending to the answer, or to giving up. */
  latencies: number[]
  /** Milliseconds by which the prober itself was late to send: what this machine adds to the figures above. */
  lateness: number[]
  /** How many were not answered with 200 in time. */
  failed: number
}
type Plan = { everyMs: number; seconds: number; patienceMs: number }

/**
 * Sends a request every `everyMs`, whether or not earlier ones are answered: a client that waited would ask less often
 * just when the answers are slow.
 */
export async function probe(port: number, bytes: Buffer, { everyMs, seconds, patienceMs }: Plan): Promise<Probes> {
  const idle: Connection[] = []
  const probes: Probes = { latencies: [], lateness: [], failed: 0 }
  const underWay = new Set<Promise<void>>()

  async function ask() {
    const connection = idle.pop() ?? (await openConnection(port))
    const sentAt = performance.now()
    const giveUp = setTimeout(connection.close, patienceMs)
    const status = await connection.send(bytes).then(
      (answer) => answer.status,
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
    const asked = ask().finally(() => underWay.delete(asked))
    underWay.add(asked)
  }
  await Promise.all(underWay)
  for (const connection of idle) connection.close()
  return probes
}
