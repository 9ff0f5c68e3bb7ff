import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endGroup, groupMembers } from './table.ts'

/** Its first thread ends at once, and another goes on: what a service looks like for a moment while it ends. */
const WITHOUT_FIRST_THREAD = `
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
ctypes.CDLL(None).pthread_exit(None)`

// Elsewhere a process has no state of its own for this.
test.runIf(process.platform === 'linux')('a process whose first thread is a zombie lives, and is ended', async () => {
  const child = spawn('python3', ['-c', WITHOUT_FIRST_THREAD], { detached: true, stdio: 'ignore' })
  const pid = child.pid ?? 0
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0], { timeout: 5000 }).toBe('Z')
  const closed = once(child, 'close')

  expect(groupMembers(pid)).toEqual([pid])
  await endGroup(pid, ['SIGTERM'], 5000)

  expect(groupMembers(pid)).toEqual([])
  await closed
})
