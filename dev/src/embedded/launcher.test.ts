import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../ports.ts'
import { isAnswering } from '../processes/answering.ts'
import { silent } from '../stack.ts'
import { stopServices } from './down.ts'
import { createLauncher } from './launcher.ts'
import { type ProcessSpec, processService } from './process-service.ts'

let folder: string
let port: number
const { signal } = new AbortController()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'))
  mkdirSync(join(folder, 'logs'))
  port = await freePort()
})
afterEach(async () => {
  await processService(serving('one'), folder).stop()
  rmSync(folder, { recursive: true })
})

function serving(fingerprint: string): ProcessSpec {
  const script = `require('node:http').createServer((_, answer) => answer.end('${fingerprint}')).listen(${port}, '127.0.0.1')`
  return spec(fingerprint, script)
}

function spec(fingerprint: string, script: string): ProcessSpec {
  return {
    name: 'backend',
    command: [process.execPath, '-e', script],
    cwd: folder,
    env: {},
    ports: [{ variable: 'BACKEND_PORT', port }],
    ready: `http://127.0.0.1:${port}/`,
    fingerprint,
  }
}

test('a service whose successor does not start is started again as it was', async () => {
  await createLauncher({ folder, progress: silent }).ensure(serving('old'), signal)
  const launcher = createLauncher({ folder, progress: silent })
  const broken = spec('new', 'process.exit(1)')
  expect(launcher.replaces(broken)).toBe(true)
  await expect(launcher.ensure(broken, signal)).rejects.toThrow('backend did not start: it ended')
  expect(await isAnswering(`http://127.0.0.1:${port}/`)).toBe(false)

  await stopServices(launcher.started(), silent)
  await launcher.restore()

  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('old')
  expect(launcher.runs(serving('old'))).toBe(true)
})

test('a service that runs as wanted is neither replaced nor restored', async () => {
  await createLauncher({ folder, progress: silent }).ensure(serving('old'), signal)
  const launcher = createLauncher({ folder, progress: silent })

  expect(launcher.replaces(serving('old'))).toBe(false)
  await launcher.ensure(serving('old'), signal)

  expect(launcher.started()).toEqual([])
})
