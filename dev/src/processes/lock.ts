import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { identityOf, isAlive } from './identity.ts'

const Holder = z.object({ pid: z.number(), startedAt: z.string() })
type Waiting = { signal: AbortSignal; onWait(pid: number): void }

/** Runs `work` while no other process runs work under the same path. A holder that died holds nothing. */
export async function withLock<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let hasTold = false
  while (!take(path)) {
    waiting.signal.throwIfAborted()
    const pid = holder(path)
    if (pid === undefined) continue
    if (!hasTold) waiting.onWait(pid)
    hasTold = true
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Who holds the lock. A dead holder's lock is removed on the way. */
function holder(path: string): number | undefined {
  const text = read(path)
  // Between its creation and its content the file is empty for a moment.
  if (text === '') return process.pid
  if (text === undefined) return undefined
  const noted = Holder.safeParse(parse(text))
  if (noted.success && isAlive(noted.data)) return noted.data.pid
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
