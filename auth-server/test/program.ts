import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { PROGRAM } from './program-file.ts'
import { until } from './until.ts'

export type Program = { url: string; internalUrl: string; output: () => string; stop: () => Promise<void> }

/** The server as a process of its own, on a machine whose clock is `shiftMs` ahead. */
export async function startProgram(variables: Record<string, string>, shiftMs: number): Promise<Program> {
  const [port, internalPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, ['--import', './test/shifted-date.mjs', PROGRAM, 'serve'], {
    cwd: new URL('..', import.meta.url),
    env: {
      PATH: process.env.PATH,
      AUTH_PORT: String(port),
      AUTH_INTERNAL_PORT: String(internalPort),
      TEST_CLOCK_SHIFT_MS: String(shiftMs),
      ...variables,
    } as NodeJS.ProcessEnv,
  })
  let output = ''
  child.stdout.on('data', (bytes) => (output += bytes))
  child.stderr.on('data', (bytes) => (output += bytes))
  const url = `http://127.0.0.1:${port}`
  await until(async () => child.exitCode !== null || (await isReady(url)), 30_000)
  if (child.exitCode !== null) throw new Error(`the server ended: ${output}`)
  return { url, internalUrl: `http://127.0.0.1:${internalPort}`, output: () => output, stop: () => stop(child) }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => undefined)
  return response?.status === 200
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
