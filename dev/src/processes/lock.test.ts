import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const waiting = { signal: new AbortController().signal, onWait: () => undefined }

test('only one is at work at a time', async () => {
  const path = join(folder, 'lock')
  let atWork = 0
  let max = 0
  const work = async () => {
    max = Math.max(max, ++atWork)
    await setImmediate()
    atWork--
  }

  await Promise.all([withLock(path, waiting, work), withLock(path, waiting, work), withLock(path, waiting, work)])

  expect(max).toBe(1)
})

test('the lock of a process that died delays nothing', async () => {
  const path = join(folder, 'lock')
  writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'before a reboot' }))

  await expect(withLock(path, waiting, async () => 'done')).resolves.toBe('done')
})

test('a lock that was cut off by a crash delays nothing', async () => {
  const path = join(folder, 'lock')
  writeFileSync(path, '')

  await expect(withLock(path, waiting, async () => 'done')).resolves.toBe('done')
})

test('waiting ends with the signal', async () => {
  const path = join(folder, 'lock')
  const controller = new AbortController()

  await withLock(path, waiting, async () => {
    const second = withLock(
      path,
      { signal: controller.signal, onWait: () => controller.abort() },
      async () => undefined,
    )
    await expect(second).rejects.toThrow()
  })
})
