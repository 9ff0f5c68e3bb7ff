import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freePort } from '../processes/ports.ts'
import { groupMembers, signalGroup } from '../processes/table.ts'
import { Service, statusOf } from './service.ts'

let folder: string
let port: number
let service: Service
const { signal } = new AbortController()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'service-'))
  port = await freePort()
})
afterEach(async () => {
  await service.stop()
  rmSync(folder, { recursive: true })
})

/** Runs a shell script, for which `$0 -e $1` is a server. */
function open(script: string): Service {
  service = new Service({
    name: 'backend',
    command: [
      'sh',
      '-c',
      script,
      process.execPath,
      `require('node:http').createServer((_, r) => r.end()).listen(${port})`,
    ],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    ports: [{ variable: 'BACKEND_PORT', port }],
    ready: `http://127.0.0.1:${port}/`,
    logFile: join(folder, 'log'),
    stopSignals: ['SIGTERM'],
    stopGraceMs: 300,
    fingerprint: '',
  })
  return service
}

const server = '"$0" -e "$1"'
const leader = () => service.leader?.pid ?? 0
const status = () => statusOf(service.known())
const state = async () => (await status()).state

test('a service is ready once it has started, and is ended with its children', async () => {
  await open(`sleep 60 & sleep 60 & ${server}`).start(signal)
  const pid = leader()
  expect(groupMembers(pid).length).toBe(4)
  expect(await status()).toMatchObject({ state: 'ready', pid, ports: [port] })

  expect(await service.stop()).toBe(true)

  expect(groupMembers(pid)).toEqual([])
  expect(await status()).toEqual({ name: 'backend', state: 'stopped', ports: [port] })
  expect(await service.stop()).toBe(false)
})

test('children whose leader died are ended too, and status says how it died, with the end of its log', async () => {
  await open(`sleep 60 & echo last words; exec ${server}`).start(signal)
  const pid = leader()
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await state()).toBe('stopped'), 10_000)
  expect((await status()).ended).toEqual({ reason: 'it was ended by SIGKILL', lastLines: ['last words'] })
  expect(groupMembers(pid).length).toBe(1)

  expect(await service.stop()).toBe(true)

  expect(groupMembers(pid)).toEqual([])
})

test('one that does not want to end is ended by force', async () => {
  await open(`trap '' TERM; ${server} & while :; do sleep 60; done`).start(signal)
  const pid = leader()

  await service.stop()

  expect(groupMembers(pid)).toEqual([])
})

test('a paused service is not ready, keeps its processes, and can be stopped', async () => {
  await open(`exec ${server}`).start(signal)
  const pid = leader()
  service.send('SIGSTOP')
  expect(await status()).toMatchObject({ state: 'not ready', pid })
  service.send('SIGCONT')
  expect(await state()).toBe('ready')
  service.send('SIGSTOP')

  await service.stop()

  expect(groupMembers(pid)).toEqual([])
})

test('a service that ends at its start is refused with what it said', async () => {
  const start = open('echo this is why; exit 7').start(signal)

  await expect(start).rejects.toThrow('backend did not start: it exited with code 7. Its log says:\n\n    this is why')
})

test('a program that does not exist is named', async () => {
  open('')
  service = new Service({ ...service.spec, command: ['/not/there'] })

  await expect(service.start(signal)).rejects.toThrow('Cannot start /not/there')
})

test('a start that is interrupted ends at once', async () => {
  const controller = new AbortController()
  const start = open('exec sleep 60').start(controller.signal)
  await vi.waitFor(() => expect(service.isRunning).toBe(true), 10_000)

  controller.abort(new Error('interrupted'))

  await expect(start).rejects.toThrow('interrupted')
})

test('a log that has grown large is put aside before the next start', async () => {
  await open(`head -c 21000000 /dev/zero; exec ${server}`).start(signal)
  await service.stop()

  await service.start(signal)

  expect(readFileSync(join(folder, 'log.1')).length).toBe(21_000_000)
  signalGroup(leader(), 'SIGKILL')
})
