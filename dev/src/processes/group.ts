import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Services are started as leaders of a process group of their own, so that their children can be found and ended too. */

/** The group's living processes: a zombie holds no port and needs no signal. */
export function groupMembers(leader: number): number[] {
  return allProcesses().flatMap(({ pid, group, isAlive }) => (group === leader && isAlive ? [pid] : []))
}

export function childrenOf(parent: number): number[] {
  return allProcesses().flatMap((process) => (process.parent === parent ? [process.pid] : []))
}

export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Asks the group to end, and ends it by force when the grace is over. Returns once nothing of it is left. */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  signalGroup(leader, 'SIGTERM')
  // A paused process sees no signal but this one and SIGKILL.
  signalGroup(leader, 'SIGCONT')
  if (await isGroupGone(leader, graceMs)) return
  signalGroup(leader, 'SIGKILL')
  await isGroupGone(leader, 5000)
}

async function isGroupGone(leader: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
    if (groupMembers(leader).length === 0) return true
  }
  return false
}

type Entry = { pid: number; parent: number; group: number; isAlive: boolean }

function allProcesses(): Entry[] {
  return existsSync('/proc/self/stat') ? processesFromProc() : processesFromPs()
}

function processesFromProc(): Entry[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // proc(5): after the command in parentheses come field 3, the state, then parent and group; 20 counts the threads.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const [state, parent, group] = fields
      // The first thread is a zombie as soon as it has ended. The others hold the ports for a moment longer.
      const isAlive = state !== 'Z' || Number(fields[17]) > 1
      return [{ pid: Number(pid), parent: Number(parent), group: Number(group), isAlive }]
    } catch {
      return []
    }
  })
}

function processesFromPs(): Entry[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent, group, state = ''] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), group: Number(group), isAlive: !state.startsWith('Z') }
  })
}
