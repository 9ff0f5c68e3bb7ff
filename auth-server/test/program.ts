import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePorts } from '../../dev/src/processes/ports.ts'
import { PROGRAM } from './program-file.ts'
import { until } from './until.ts'

export type Program = { url: string; internalUrl: string; output: () => string; stop: () => Promise<void> }

/** The server as a process of its own, on a machine whose clock is `shiftMs` ahead. */
export async function startProgram(variables: Record<string, string>, shiftMs: number): Promise<Program> {
  const ports = await ownPorts()
  const child = spawn(process.execPath, ['--import', './test/shifted-date.mjs', PROGRAM, 'serve'], {
    cwd: new URL('..', import.meta.url),
    env: {
      PATH: process.env.PATH,
      ...ports,
      TEST_CLOCK_SHIFT_MS: String(shiftMs),
      ...variables,
    } as NodeJS.ProcessEnv,
  })
  let output = ''
  child.stdout.on('data', (bytes) => (output += bytes))
  child.stderr.on('data', (bytes) => (output += bytes))
  const url = `http://127.0.0.1:${ports.AUTH_PORT}`
  await until(async () => child.exitCode !== null || (await isReady(url)), 30_000)
  if (child.exitCode !== null) throw new Error(`the server ended: ${output}`)
  return {
    url,
    internalUrl: `http://127.0.0.1:${ports.AUTH_INTERNAL_PORT}`,
    output: () => output,
    stop: () => stop(child),
  }
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

/** Nobody listens there, and no test gets them for a server of its own or a connection before the program listens. */
export async function ownPorts() {
  const [port, internalPort] = await freePorts(2)
  return { AUTH_PORT: String(port), AUTH_INTERNAL_PORT: String(internalPort) }
}
