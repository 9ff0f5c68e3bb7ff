import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identityOf, isAlive, type ProcessIdentity } from './table.ts'

type Waiting = { signal: AbortSignal; onWait(pid: number): void }

/** Runs `work` while no other process runs work under the same path. A holder that died holds nothing. */
export async function withLock<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let hasSaid = false
  while (!take(path)) {
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

function take(path: string): boolean {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, JSON.stringify(identityOf(process.pid)), { mode: 0o600 })
  try {
    // Complete or not there at all; and unlike rename, link refuses to replace another's.
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Who holds the lock. A dead holder's lock, or one that a crash of the machine cut off, is removed on the way. */
function holder(path: string): number | undefined {
  const text = read(path)
  if (text === undefined) return undefined
  try {
    const noted = JSON.parse(text) as ProcessIdentity
    if (isAlive(noted)) return noted.pid
  } catch {
    // Cut off.
  }
  rmSync(path, { force: true })
  return undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
