import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePorts, isPortFree, refuseTakenPorts, takenPorts } from './ports.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  servers.push(server)
  await once(server.listen(port, host), 'listening')
  return (server.address() as AddressInfo).port
}

/** A port with a free one 100 and 200 above it. */
async function takenPort(): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1)
    if ((await isPortFree(port + 100)) && (await isPortFree(port + 200))) return listen(port)
  }
}

const suggesting = (port: number): string => expect.stringMatching(new RegExp(`set BACKEND_PORT=${port}$`))
const wanted = (port: number) => [{ variable: 'BACKEND_PORT', port }]

test('a taken port is named with the variable to set and who has it', async () => {
  const port = await takenPort()

  const refused = refuseTakenPorts(wanted(port), [])

  await expect(refused).rejects.toThrow(`BACKEND_PORT is ${port}, which is taken`)
  await expect(refused).rejects.toThrow(`set BACKEND_PORT=${port + 100}`)
  if (process.platform === 'linux') await expect(refused).rejects.toThrow(`by pid ${process.pid} (`)
})

test('the port that is suggested is free', async () => {
  const port = await takenPort()
  await listen(port + 100)

  expect(await takenPorts(wanted(port), [])).toEqual([suggesting(port + 200)])
})

test.runIf(process.platform === 'linux')('nobody listens on the suggested port at another address', async () => {
  const port = await takenPort()
  await listen(port + 100, '127.0.0.2')

  expect(await takenPorts(wanted(port), [])).toEqual([suggesting(port + 200)])
})

test('two ports that are taken are named at once, with a suggestion each', async () => {
  const port = await takenPort()

  const lines = await takenPorts([...wanted(port), { variable: 'MAIL_PORT', port }], [])

  expect(lines).toEqual([suggesting(port + 100), expect.stringContaining(`set MAIL_PORT=${port + 200}`)])
})

test('the port that is suggested is none that another service of ours will have', async () => {
  const port = await takenPort()

  expect(await takenPorts(wanted(port), [port + 100])).toEqual([suggesting(port + 200)])
})

test('someone on the IPv6 side of localhost takes the port too', async () => {
  expect(await isPortFree(await listen(0, '::1'))).toBe(false)
})

test('free ports are different and free', async () => {
  const ports = await freePorts(20)

  expect(new Set(ports).size).toBe(20)
  for (const port of ports) expect(await isPortFree(port)).toBe(true)
})

test('who looks for a port is not given one that somebody else was, though nobody listens there yet', async () => {
  const [port = 0] = await freePorts(1)
  const another = createSocket('udp4')

  another.bind(port, '127.0.0.1')

  await expect(once(another, 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' })
  another.close()
})
