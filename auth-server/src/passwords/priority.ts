import { readdirSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Log } from '../log.ts'

/** Where both want one core, the event loop gets nine tenths of it. */
const NICENESS = 10
const THREADS = '/proc/self/task'

/**
 * Lets libuv's threads, which hash passwords, give way to the event loop's: with as many hashes under way as there
 * are cores, every session check would wait for its turn several times. To be called before anything uses those
 * threads: they are the ones that appear. Linux only, where each thread has a priority of its own (setpriority(2)).
 */
export async function lowerHashingPriority(log: Log): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    const others = new Set(readdirSync(THREADS))
    await access('/') // the first use starts all of them
    for (const id of readdirSync(THREADS)) if (!others.has(id)) setPriority(Number(id), NICENESS)
  } catch (error) {
    log.warn({ err: error }, 'passwords are hashed at the priority of everything else')
  }
}
