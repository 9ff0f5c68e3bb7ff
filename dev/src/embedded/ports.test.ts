import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePorts, isPortFree } from '../ports.ts'
import { refuseTakenPorts } from './ports.ts'

const server = createServer()
afterEach(() => void server.close())

test('a taken port is named with the variable to set and who has it', async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo

  const refused = refuseTakenPorts('backend', [{ variable: 'BACKEND_PORT', port }])

  await expect(refused).rejects.toThrow(`Port ${port} for backend is taken`)
  await expect(refused).rejects.toThrow(`BACKEND_PORT=${port + 100} make up`)
  if (process.platform === 'linux') await expect(refused).rejects.toThrow(`by pid ${process.pid} (`)
})

test('someone on the IPv6 side of localhost takes the port too', async () => {
  await once(server.listen(0, '::1'), 'listening')
  const { port } = server.address() as AddressInfo

  expect(await isPortFree(port)).toBe(false)
})

test('free ports are different and free', async () => {
  const ports = await freePorts(20)

  expect(new Set(ports).size).toBe(20)
  for (const port of ports) expect(await isPortFree(port)).toBe(true)
})
