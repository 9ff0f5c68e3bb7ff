import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import type { Variables } from '../settings/env-file.ts'

const settings = ['AUTH_HOST', 'AUTH_INTERNAL_HOST', 'BACKEND_HOST']

/** The services and this program reach each other at 127.0.0.1: tried, since only the machine knows its addresses. */
export async function hostFaults(variables: Variables): Promise<string[]> {
  const faults = settings.map(async (name) => {
    const host = variables[name]
    if (!host || (await isReachable(host))) return []
    return [`${name} must be an address of this machine that 127.0.0.1 reaches: 127.0.0.1 or 0.0.0.0`]
  })
  return (await Promise.all(faults)).flat()
}

async function isReachable(host: string): Promise<boolean> {
  const server = createServer((socket) => socket.destroy())
  try {
    await once(server.listen(0, host), 'listening')
    return await canConnect((server.address() as AddressInfo).port)
  } catch {
    return false
  } finally {
    await closed(server)
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
