import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** A process, told apart from a later one that was given the same pid. */
export type ProcessIdentity = { pid: number; startedAt: string }

/** When the process started, in whatever unit the system counts; undefined when there is none (or only a zombie). */
export function startTime(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? startTimeFromProc(pid) : startTimeFromPs(pid)
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = startTime(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export function isAlive(process: ProcessIdentity): boolean {
  return startTime(process.pid) === process.startedAt
}

function startTimeFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the command in parentheses may hold spaces, so count from its end. State is field 3, start time 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    return ps('lstart=', pid)
  } catch {
    return undefined
  }
}

/** The command that the process was started with, its arguments separated by spaces. */
export function commandLine(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
    }
    return ps('command=', pid)
  } catch {
    return undefined
  }
}

function ps(column: string, pid: number): string | undefined {
  const args = ['-ww', '-o', column, '-p', String(pid)]
  return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined
}
