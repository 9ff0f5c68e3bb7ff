import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../processes/identity.ts'

/** Who holds the data folder, by PostgreSQL's own lock file. Undefined when nobody does, whatever the file says. */
export function runningServer(data: string): { pid: number; port: number } | undefined {
  const lines = lockLines(data)
  const pid = Number(lines?.[0])
  if (!pid || !isServerOf(data, pid)) return undefined
  return { pid, port: Number(lines?.[3]) }
}

/**
 * After a crash the lock names a dead process, which PostgreSQL sees through; or a pid that meanwhile belongs to
 * something else, or a zombie that nobody reaps (containers without an init): for those it would refuse to start until
 * somebody removed the file by hand.
 */
export function forgetStaleLock(data: string): void {
  const pid = Number(lockLines(data)?.[0])
  if (pid && exists(pid) && !isServerOf(data, pid)) rmSync(lockFile(data), { force: true })
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isServerOf(data: string, pid: number): boolean {
  const command = commandLine(pid)
  return command?.includes('postgres') === true && command.includes(data)
}

function lockFile(data: string) {
  return join(data, 'postmaster.pid')
}

function lockLines(data: string): string[] | undefined {
  return existsSync(lockFile(data)) ? readFileSync(lockFile(data), 'utf8').split('\n') : undefined
}
