import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { machine } from '../env.ts'
import { benchPython } from './python.ts'

/** Processes whose times are added up, such as PostgreSQL's. */
export type Group = () => number[]
export type CpuMeter = {
  /** CPU microseconds, user and system, that each group spends while `work` runs, and the work's result. */
  during<T>(groups: readonly Group[], work: () => Promise<T>): Promise<{ micros: number[]; result: T }>
  stop(): void
}

export function startCpuMeter(): CpuMeter {
  const script = fileURLToPath(new URL('../cpu_meter.py', import.meta.url))
  const child = spawn(benchPython, [script], { env: machine, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  async function read(pids: number[]): Promise<Map<number, number>> {
    child.stdin.write(`${pids.join(' ')}\n`)
    const { value = '' } = await lines.next()
    const times = String(value).split(' ')
    // What has ended since it was listed, such as an autovacuum worker, is left out.
    const running = pids.map((pid, index) => [pid, Number(times[index])] as const)
    return new Map(running.filter(([, time]) => !Number.isNaN(time)))
  }

  async function during<T>(groups: readonly Group[], work: () => Promise<T>) {
    const before = await read(groups.flatMap((pids) => pids()))
    const result = await work()
    const members = groups.map((pids) => pids())
    const after = await read(members.flat())
    // A process that did not exist before has spent all of its time meanwhile.
    const spent = (pid: number) => {
      const time = after.get(pid)
      return time === undefined ? 0 : (time - (before.get(pid) ?? 0)) / 1000
    }
    return { micros: members.map((pids) => pids.reduce((sum, pid) => sum + spent(pid), 0)), result }
  }

  return { during, stop: () => void child.kill() }
}
