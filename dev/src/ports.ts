import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { CannotContinue } from './errors.ts'

// Below the range from which Linux and macOS take ports for outgoing connections: a port chosen here cannot
// become some client's local port between being chosen and being listened on.
const first = 20_000
const last = 32_000

/** On both sides of `localhost`: a browser would reach somebody who listens on ::1 before it tries 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // Other errors say that the machine has no such address, which is as good as free.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(!['EADDRINUSE', 'EACCES'].includes(error.code ?? '')))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** `count` different ports that nobody listens on. Random, so that runs side by side do not choose the same. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempts = 0; found.size < count; attempts++) {
    if (attempts > 1000) throw new CannotContinue(`No free port between ${first} and ${last} on 127.0.0.1.`)
    const port = randomInt(first, last)
    if (await isPortFree(port)) found.add(port)
  }
  return [...found]
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('freePorts(1) gave none')
  return port
}
