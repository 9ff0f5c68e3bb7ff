import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { endBackground, findBackground, startInBackground } from './background.ts'
import { groupMembers } from './group.ts'
import { identityOf } from './identity.ts'

let folder: string
let files: { pidFile: string; log: string }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'background-'))
  files = { pidFile: join(folder, 'pids', 'one.json'), log: join(folder, 'one.log') }
})
afterEach(async () => {
  await endBackground(files.pidFile, 100)
  rmSync(folder, { recursive: true })
})

const shell = (script: string) => ({ command: ['sh', '-c', script], cwd: folder, env: { PATH: '/usr/bin:/bin' } })

test('a process is found again, and ended with its children', async () => {
  const { pid } = startInBackground(shell('sleep 60 & sleep 60 & wait'), files, 'f')
  await vi.waitFor(() => expect(groupMembers(pid).length).toBe(3))
  expect(findBackground(files.pidFile)).toMatchObject({ pid, fingerprint: 'f' })

  expect(await endBackground(files.pidFile)).toBe(true)

  expect(groupMembers(pid)).toEqual([])
  expect(findBackground(files.pidFile)).toBeUndefined()
  expect(existsSync(files.pidFile)).toBe(false)
})

test('children whose leader died are ended too', async () => {
  const { pid } = startInBackground(shell('sleep 60 & exit 0'), files, 'f')
  await vi.waitFor(() => expect(findBackground(files.pidFile)).toBeUndefined())
  expect(groupMembers(pid).length).toBe(1)

  expect(await endBackground(files.pidFile)).toBe(true)

  expect(groupMembers(pid)).toEqual([])
})

test('one that does not want to end is ended by force', async () => {
  const { pid } = startInBackground(shell("trap '' TERM; echo ready; while :; do sleep 60; done"), files, 'f')
  await vi.waitFor(() => expect(readFileSync(files.log, 'utf8')).toContain('ready'))

  await endBackground(files.pidFile, 200)

  expect(groupMembers(pid)).toEqual([])
})

test('a pid that belongs to another process now is never signalled', async () => {
  const { pid } = startInBackground(shell('sleep 60'), files, 'f')
  const noted = readFileSync(files.pidFile, 'utf8')
  writeFileSync(files.pidFile, JSON.stringify({ ...JSON.parse(noted), startedAt: 'some other time' }))

  expect(findBackground(files.pidFile)).toBeUndefined()
  expect(await endBackground(files.pidFile)).toBe(false)

  expect(identityOf(pid)).toBeDefined()
  writeFileSync(files.pidFile, noted)
})

test('a pid file that was cut off means nothing', () => {
  startInBackground(shell('exit 0'), files, 'f')
  writeFileSync(files.pidFile, '{"pid": 1')

  expect(findBackground(files.pidFile)).toBeUndefined()
})
