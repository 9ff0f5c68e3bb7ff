import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { signalGroup } from './group.ts'

export type Finished = { code: number; output: string }
export type RunOptions = {
  cwd?: string
  env?: NodeJS.ProcessEnv
  timeoutMs?: number
  /** Ends the command and all that it started. */
  signal?: AbortSignal
  /** Is given what the command prints as it comes; nothing is kept then. */
  onOutput?(text: string): void
  /** A file to print into. Needed where the command leaves a daemon behind, which would hold a pipe open for ever. */
  outputTo?: number
}

/** Runs a command to its end and keeps what it printed, both streams in order. Never throws for an exit code. */
export function run(command: string[], options: RunOptions = {}): Promise<Finished> {
  const [file = '', ...args] = command
  return new Promise((resolve) => {
    const output: string[] = []
    const sink = options.outputTo ?? 'pipe'
    const child = spawn(file, args, {
      stdio: ['ignore', sink, sink],
      // A group of its own: Ctrl-C reaches this process alone, which then decides what is to end.
      detached: true,
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.env && { env: options.env }),
    })
    const end = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL')
    const timer = options.timeoutMs ? setTimeout(end, options.timeoutMs) : undefined
    options.signal?.addEventListener('abort', end)
    const finish = (finished: Finished) => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', end)
      resolve(finished)
    }
    const take = options.onOutput ?? ((text: string) => void output.push(text))
    child.stdout?.setEncoding('utf8').on('data', take)
    child.stderr?.setEncoding('utf8').on('data', take)
    child.once('error', (error) => finish({ code: 127, output: `${error.message}\n` }))
    child.once('close', (code, signal) => finish({ code: exitCode(code, signal), output: output.join('') }))
  })
}

/** The shell's convention: 128 + n for a process that signal n ended. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code
  return 128 + (signal ? constants.signals[signal] : 0)
}
