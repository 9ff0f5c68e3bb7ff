import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process, told apart from a later one that was given the same pid. The time is in whatever unit the system counts. */
export type ProcessIdentity = { pid: number; startedAt: string }
type Entry = ProcessIdentity & { parent: number; group: number }

const hasProc = existsSync('/proc/self/stat')

/** All living processes, or the one that is asked for. A zombie is not alive: it holds no port and needs no signal. */
function living(pid?: number): Entry[] {
  if (!hasProc) return fromPs(pid === undefined ? ['-A'] : ['-p', String(pid)])
  const pids = pid === undefined ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [pid]
  return pids.flatMap((one) => fromProc(Number(one)))
}

function fromProc(pid: number): Entry[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): after the command in parentheses come field 3, the state, then parent and group; 20 counts the threads.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // The first thread is a zombie as soon as it has ended. The others hold the ports for a moment longer.
    if (fields[0] === 'Z' && Number(fields[17]) <= 1) return []
    return [{ pid, parent: Number(fields[1]), group: Number(fields[2]), startedAt: fields[19] ?? '' }]
  } catch {
    return []
  }
}

function fromPs(which: string[]): Entry[] {
  return ps([...which, '-o', 'pid=,ppid=,pgid=,stat=,lstart=']).flatMap((line) => {
    const [pid, parent, group, state = '', ...startedAt] = line.trim().split(/\s+/)
    if (state.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt: startedAt.join(' ') }]
  })
}

function ps(args: string[]): string[] {
  try {
    const printed = execFileSync('ps', ['-ww', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return printed.trim().split('\n')
  } catch {
    return []
  }
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const [found] = living(pid)
  return found && { pid, startedAt: found.startedAt }
}

export function isAlive(process: ProcessIdentity): boolean {
  return identityOf(process.pid)?.startedAt === process.startedAt
}

/** The command that the process was started with, its arguments separated by spaces. */
export function commandLine(pid: number): string | undefined {
  if (!hasProc) return ps(['-o', 'command=', '-p', String(pid)])[0] || undefined
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
  } catch {
    return undefined
  }
}

export function groupMembers(leader: number): number[] {
  return living().flatMap(({ pid, group }) => (group === leader ? [pid] : []))
}

export function childrenOf(parent: number): number[] {
  return living().flatMap((process) => (process.parent === parent ? [process.pid] : []))
}

/** Whose working folder that is, where the system tells (Linux). */
export function processesIn(folder: string): number[] {
  if (!hasProc) return []
  return living().flatMap(({ pid }) => (workingFolder(pid) === folder ? [pid] : []))
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // it has ended, or is another user's
  }
}

/** To the leader of a group, then to each member and child: PostgreSQL's children lead groups of their own. */
export function signalFamily(leader: number, signal: NodeJS.Signals): void {
  const family = living().flatMap(({ pid, parent, group }) => (parent === leader || group === leader ? [pid] : []))
  // A leader that sees its children die first would clean up after them.
  for (const pid of new Set([leader, ...family])) send(pid, signal)
}

export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal)
}

function send(target: number, signal: NodeJS.Signals) {
  try {
    process.kill(target, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Sends the signals to the group, one after the other while it lives, and SIGKILL at last. Returns once it is gone. */
export async function endGroup(leader: number, signals: NodeJS.Signals[], graceMs: number): Promise<void> {
  for (const signal of signals) {
    signalGroup(leader, signal)
    // A paused process sees no signal but this one and SIGKILL.
    signalFamily(leader, 'SIGCONT')
    if (await isGroupGone(leader, graceMs)) return
  }
  signalFamily(leader, 'SIGKILL')
  await isGroupGone(leader, 5000)
}

async function isGroupGone(leader: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
    if (groupMembers(leader).length === 0) return true
  }
  return false
}
