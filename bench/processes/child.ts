import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../../dev/src/processes/ready.ts'
import { machine } from '../env.ts'

export type Child = { pid: number; stop(): Promise<void> }
export type Program = {
  command: string[]
  cwd: string
  env: Record<string, string>
  /** The cores it may use, as `taskset` takes them. */
  cores: string
  /** Returns 2xx as soon as the program is ready. */
  ready: string
}

const running = new Set<ChildProcess>()
const TIMEOUT_MS = 30_000

/** Starts a program on its cores; resolves when it responds. Its output is discarded, except for its last errors. */
export async function start(program: Program): Promise<Child> {
  const child = launch(program)
  const { pid = 0 } = child
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000)
  })
  for (const deadline = Date.now() + TIMEOUT_MS; !(await isReady(program.ready)); await sleep(20)) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || Date.now() > deadline) throw new Error(`${program.command.join(' ')} did not start:\n${errors}`)
  }
  return { pid, stop: () => stop(child) }
}

/** As `start`, without waiting. `taskset` becomes the program, so the pid is the program's. */
export function launch({ command, cwd, env, cores }: Omit<Program, 'ready'>): ChildProcess {
  const child = spawn('taskset', ['--cpu-list', cores, ...command], {
    cwd,
    env: { ...machine, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return
  const closed = once(child, 'close')
  child.kill()
  const force = setTimeout(() => child.kill('SIGKILL'), 5000)
  await closed
  clearTimeout(force)
}

/** However this process ends, its children end with it. */
export function endChildrenAtExit(): void {
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL')
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
}
