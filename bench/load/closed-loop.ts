import { type Connection, openConnection } from './connection.ts'

export type Target = { port: number; next: () => Buffer; connections: number }
export type Run = {
  requests: number
  seconds: number
  /** Of every request, in milliseconds. */
  latencies: Float64Array
}
export type Load = { run(count: number): Promise<Run>; close(): void }

/** As many requests in flight as there are connections, each followed immediately by the next. Any status but 200 is an error. */
export async function openLoad({ port, next, connections }: Target): Promise<Load> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)))

  async function run(count: number): Promise<Run> {
    const latencies = new Float64Array(count)
    let begun = 0
    const keepSending = async (connection: Connection) => {
      while (begun < count) {
        const index = begun++
        const sentAt = performance.now()
        const { status } = await connection.send(next())
        latencies[index] = performance.now() - sentAt
        if (status !== 200) throw new Error(`port ${port} returned ${status}`)
      }
    }
    const begin = performance.now()
    await Promise.all(open.map(keepSending))
    return { requests: count, seconds: (performance.now() - begin) / 1000, latencies }
  }

  function close() {
    for (const connection of open) connection.close()
  }

  return { run, close }
}
