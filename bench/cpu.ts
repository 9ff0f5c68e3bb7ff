import { readFileSync } from 'node:fs'
import { listenerOf } from '../dev/src/processes/listener.ts'

/** USER_HZ: the unit of CPU times in /proc, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** CPU time that the process behind this URL has used so far, user and system, in microseconds. Linux only. */
export function cpuMicroseconds(url: string): number {
  const pid = listenerOf(Number(new URL(url).port))
  if (pid === undefined) throw new Error(`No process of ours listens at ${url}`)
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // proc(5): counted from the end of the command's parentheses, utime is field 14 and stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6
}
