import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../processes/ports.ts'
import { isReady } from '../processes/ready.ts'
import { silent } from '../stack.ts'
import { endSupervisor, superviseHere } from '../supervisor/host.ts'
import type { Spec } from '../supervisor/service.ts'
import { remote } from '../supervisor/socket.ts'
import { createLauncher } from './launcher.ts'

let folder: string
let port: number
const { signal } = new AbortController()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'))
  port = await freePort()
  await superviseHere(folder, 'v')
})
afterEach(async () => {
  await endSupervisor(folder)
  rmSync(folder, { recursive: true })
})

const open = async () => {
  const running = (await remote(folder).known()).filter(({ pid }) => pid !== undefined)
  return createLauncher(remote(folder), running, silent)
}
const url = () => `http://127.0.0.1:${port}/`

function serving(fingerprint: string): Spec {
  const script = `require('node:http').createServer((_, r) => r.end('${fingerprint}')).listen(${port}, '127.0.0.1')`
  return spec(fingerprint, script)
}

function spec(fingerprint: string, script: string): Spec {
  return {
    name: 'backend',
    command: [process.execPath, '-e', script],
    cwd: folder,
    env: {},
    ports: [{ variable: 'BACKEND_PORT', port }],
    ready: url(),
    logFile: join(folder, 'logs', 'backend.log'),
    stopSignals: ['SIGTERM'],
    fingerprint,
  }
}

test('a service whose successor does not start is started again as it was', async () => {
  await (await open()).ensure(serving('old'), signal)
  const launcher = await open()
  const broken = spec('new', 'process.exit(1)')
  expect([launcher.running('backend')?.fingerprint, launcher.isCurrent(broken)]).toEqual(['old', false])
  await expect(launcher.ensure(broken, signal)).rejects.toThrow('backend did not start: it exited with code 1')
  expect(await isReady(url())).toBe(false)

  await launcher.undo()

  expect(await (await fetch(url())).text()).toBe('old')
  expect((await open()).isCurrent(serving('old'))).toBe(true)
})

test('a service that runs as wanted is neither replaced nor restored', async () => {
  await (await open()).ensure(serving('old'), signal)
  const launcher = await open()

  expect(launcher.isCurrent(serving('old'))).toBe(true)
  await launcher.ensure(serving('old'), signal)

  expect([...launcher.changed]).toEqual([])
})

test('a service that hangs is started again, and runs after an undo too', async () => {
  await (await open()).ensure(serving('old'), signal)
  await remote(folder).control('pause', 'backend')
  const launcher = await open()

  await launcher.ensure(serving('old'), signal)

  expect([...launcher.changed]).toEqual(['backend'])
  expect(await isReady(url())).toBe(true)

  await launcher.undo()

  expect(await isReady(url())).toBe(true)
})
