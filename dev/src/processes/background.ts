import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { CannotContinue } from '../errors.ts'
import { endGroup, groupMembers } from './group.ts'
import { identityOf, isAlive, startTime } from './identity.ts'

const PidFile = z.object({ pid: z.number(), startedAt: z.string(), fingerprint: z.string() })
export type Background = z.infer<typeof PidFile>
export type Spawned = { command: string[]; cwd: string; env: Record<string, string> }

const logLimitBytes = 20 * 1024 * 1024

/** Starts a process that outlives this one, and notes in `pidFile` which it is. */
export function startInBackground(
  what: Spawned,
  files: { pidFile: string; log: string },
  fingerprint: string,
): Background {
  const [program = '', ...args] = what.command
  keepLogSmall(files.log)
  const log = openSync(files.log, 'a', 0o600)
  const options = { cwd: what.cwd, env: what.env, detached: true, stdio: ['ignore', log, log] as ('ignore' | number)[] }
  const child = spawn(program, args, options)
  closeSync(log)
  child.on('error', () => undefined)
  child.unref()
  if (child.pid === undefined) throw new CannotContinue(`Cannot start ${program}: there is no such program.`)
  // One that has ended already has no start time: it is noted all the same, and found dead like any other.
  const background = { ...(identityOf(child.pid) ?? { pid: child.pid, startedAt: 'ended' }), fingerprint }
  mkdirSync(dirname(files.pidFile), { recursive: true, mode: 0o700 })
  writeFileSync(`${files.pidFile}.new`, JSON.stringify(background), { mode: 0o600 })
  renameSync(`${files.pidFile}.new`, files.pidFile)
  return background
}

/** The process that the file names, if it is still the same one. A pid that was given to another process is nobody. */
export function findBackground(pidFile: string): Background | undefined {
  const noted = readPidFile(pidFile)
  return noted && isAlive(noted) ? noted : undefined
}

/** Ends it with all its children, also those that a leader who died left behind. */
export async function endBackground(pidFile: string, graceMs = 15_000): Promise<boolean> {
  const noted = readPidFile(pidFile)
  const isOurs = noted !== undefined && (isAlive(noted) || startTime(noted.pid) === undefined)
  const wasThere = isOurs && groupMembers(noted.pid).length > 0
  if (wasThere) await endGroup(noted.pid, graceMs)
  rmSync(pidFile, { force: true })
  return wasThere
}

function readPidFile(path: string): Background | undefined {
  if (!existsSync(path)) return undefined
  try {
    return PidFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function keepLogSmall(log: string) {
  if (existsSync(log) && statSync(log).size > logLimitBytes) renameSync(log, `${log}.1`)
}
