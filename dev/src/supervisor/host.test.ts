import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freePort } from '../processes/ports.ts'
import { groupMembers, identityOf } from '../processes/table.ts'
import { nodeWithTypeScript } from '../programs.ts'
import { endSupervisor, findSupervisor, leftovers, superviseDetached } from './host.ts'
import type { Spec } from './service.ts'
import { remote } from './socket.ts'

const main = join(import.meta.dirname, '..', 'main.ts')
const start = superviseDetached([...nodeWithTypeScript, main, 'supervise'], { PATH: '/usr/bin:/bin' })
const { signal } = new AbortController()
let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'a folder with spaces '))
  // Longer than the address of a Unix socket may be.
  folder = join(root, 'and a long name'.repeat(10))
  mkdirSync(folder)
})
afterEach(async () => {
  await endSupervisor(folder)
  rmSync(root, { recursive: true })
})

async function serving(script = ''): Promise<Spec> {
  const port = await freePort()
  return {
    name: 'mail',
    command: [
      process.execPath,
      '-e',
      `${script}; require('node:http').createServer((_, r) => r.end()).listen(${port})`,
    ],
    cwd: folder,
    env: {},
    ports: [{ variable: 'MAIL_PORT', port }],
    ready: `http://127.0.0.1:${port}/`,
    logFile: join(folder, 'logs', 'mail.log'),
    stopSignals: ['SIGTERM'],
    fingerprint: 'one',
  }
}

async function startWithService(): Promise<{ supervisor: number; service: number }> {
  await start(folder, 'v')
  await remote(folder).ensure(await serving(), signal)
  const [known] = await remote(folder).known()
  return { supervisor: findSupervisor(folder)?.pid ?? 0, service: known?.pid ?? 0 }
}

const isGone = (pid: number) => vi.waitFor(() => expect(identityOf(pid)).toBeUndefined(), 10_000)

test('a detached supervisor is the parent of its services, and nothing is left of it when it ends', async () => {
  const { supervisor, service } = await startWithService()
  expect(findSupervisor(folder)).toMatchObject({ pid: supervisor, version: 'v' })
  if (existsSync('/proc/self/stat'))
    expect(readFileSync(`/proc/${service}/stat`, 'utf8').split(') ')[1]).toMatch(new RegExp(`^\\w ${supervisor} `))

  await endSupervisor(folder)

  expect([identityOf(supervisor), identityOf(service), findSupervisor(folder)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('what a killed supervisor leaves is found and ended', async () => {
  const { supervisor, service } = await startWithService()
  process.kill(supervisor, 'SIGKILL')
  await isGone(supervisor)
  expect(identityOf(service)).toBeDefined()
  expect(leftovers(folder).map(({ pid }) => pid)).toEqual([service])

  expect(await endSupervisor(folder)).toBe(1)

  expect(groupMembers(service)).toEqual([])
  await start(folder, 'v')
  expect(await remote(folder).known()).toEqual([])
})

test('a supervisor whose folder is deleted ends with its services', async () => {
  const { supervisor, service } = await startWithService()
  rmSync(folder, { recursive: true })

  await isGone(supervisor)
  await isGone(service)
  mkdirSync(folder)
})

test('SIGTERM ends it with its services', async () => {
  const { supervisor, service } = await startWithService()
  process.kill(supervisor, 'SIGTERM')

  await isGone(supervisor)
  await isGone(service)
})

test('a caller who hangs up leaves no half-started service', async () => {
  await start(folder, 'v')
  const controller = new AbortController()
  const slow = { ...(await serving()), command: ['sleep', '60'], env: { PATH: '/usr/bin:/bin' } }
  const ensured = remote(folder).ensure(slow, controller.signal)
  await vi.waitFor(async () => expect((await remote(folder).known())[0]?.pid).toBeDefined(), 10_000)

  controller.abort(new Error('interrupted'))

  await expect(ensured).rejects.toThrow('interrupted')
  await remote(folder).control('stop', 'mail')
  expect((await remote(folder).known()).map(({ pid }) => pid)).toEqual([undefined])
})

test('a supervisor that cannot start says why', async () => {
  const broken = superviseDetached([process.execPath, '-e', 'throw new Error("this is why")'], {})

  await expect(broken(folder, 'v')).rejects.toThrow('this is why')
})

test('a pid that belongs to another process now is never signalled', async () => {
  const sleeper = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const pid = sleeper.pid ?? 0
  const child = { pid, startedAt: 'some other time', stopSignals: ['SIGTERM'] }
  writeFileSync(join(folder, 'supervisor.json'), JSON.stringify({ ...child, version: 'v', children: [child] }))

  expect(findSupervisor(folder)).toBeUndefined()
  expect(await endSupervisor(folder)).toBe(0)

  expect(identityOf(pid)).toBeDefined()
  sleeper.kill()
})

test('a record that was cut off means nothing', () => {
  writeFileSync(join(folder, 'supervisor.json'), '{"pid": 1')

  expect(findSupervisor(folder)).toBeUndefined()
  expect(leftovers(folder)).toEqual([])
})
