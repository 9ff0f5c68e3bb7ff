import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOnce } from '../create-once.ts'
import { identityOf, isAlive, type ProcessIdentity } from './table.ts'

type Waiting = { signal: AbortSignal; onWait(pid: number): void }

/** Runs `work` while no other process runs work under the same path. A holder that died holds nothing. */
export async function withLock<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  let hasSaid = false
  while (!createOnce(path, JSON.stringify(identityOf(process.pid)))) {
    waiting.signal.throwIfAborted()
    const pid = holder(path)
    if (pid === undefined) continue
    if (!hasSaid) waiting.onWait(pid)
    hasSaid = true
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** Who holds the lock. A dead holder's lock, or one that a crash of the machine cut off, is removed on the way. */
function holder(path: string): number | undefined {
  try {
    const noted = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity
    if (isAlive(noted)) return noted.pid
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  }
  rmSync(path, { force: true })
  return undefined
}
