import { readdirSync, readFileSync } from 'node:fs'
import { createLog } from '../src/log.ts'
import { hashPassword } from '../src/passwords/hash.ts'
import { lowerHashingPriority } from '../src/passwords/priority.ts'

/** A program for hashing-priority.test.ts: hashes once and prints each of its threads, with the CPU time that took. */
export type Thread = { id: string; niceness: number; cpuMs: number }

const read = (id: string, file: string) => readFileSync(`/proc/self/task/${id}/${file}`, 'utf8')

/** proc(5): counted from the end of the command's parentheses, nice is field 19 of stat. */
function threads(): Thread[] {
  return readdirSync('/proc/self/task').map((id) => ({
    id,
    niceness: Number(read(id, 'stat').split(') ')[1]?.split(' ')[16]),
    cpuMs: Number(read(id, 'schedstat').split(' ')[0]) / 1e6,
  }))
}

async function main(): Promise<void> {
  await lowerHashingPriority(createLog({ LOG_LEVEL: 'silent' }))
  const before = new Map(threads().map(({ id, cpuMs }) => [id, cpuMs]))
  await hashPassword('some password')
  const used = threads().map((thread) => ({ ...thread, cpuMs: thread.cpuMs - (before.get(thread.id) ?? 0) }))
  process.stdout.write(JSON.stringify({ pid: String(process.pid), threads: used }))
}

void main()
