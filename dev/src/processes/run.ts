import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CannotContinue, Interrupted } from '../errors.ts'
import { signalGroup } from './table.ts'

export type Command = { command: string[]; cwd?: string; env?: NodeJS.ProcessEnv | undefined }
export type Finished = { code: number; output: string }
export type RunOptions = Omit<Command, 'command'> & {
  timeoutMs?: number
  /** Ends the command and all that it started. */
  signal?: AbortSignal
  /** Is given what the command prints as it comes; nothing is kept then. */
  onOutput?(text: string): void
}

/** Runs a command to its end and keeps what it printed, both streams in order. Never throws for an exit code. */
export function run(command: string[], options: RunOptions = {}): Promise<Finished> {
  const [file = '', ...args] = command
  const { cwd, env, timeoutMs, signal } = options
  return new Promise((resolve) => {
    const output: string[] = []
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches this process alone, which then decides what is to end.
      detached: true,
      ...(cwd && { cwd }),
      ...(env && { env }),
    })
    const end = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL')
    const timer = timeoutMs ? setTimeout(end, timeoutMs) : undefined
    signal?.addEventListener('abort', end)
    const finish = (finished: Finished) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve(finished)
    }
    const take = options.onOutput ?? ((text: string) => void output.push(text))
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.once('error', (error) => finish({ code: 127, output: `${error.message}\n` }))
    child.once('close', (code, ended) => finish({ code: exitCode(code, ended), output: output.join('') }))
  })
}

/** Like `run`, for what has to work: throws what `message` makes of a failure. Gives what it printed. */
export async function mustRun(
  { command, ...where }: Command,
  signal: AbortSignal | undefined,
  message: (failed: Finished) => string,
): Promise<string> {
  const finished = await run(command, { ...where, ...(signal && { signal }) })
  signal?.throwIfAborted()
  if (finished.code !== 0) throw new CannotContinue(message(finished))
  return finished.output
}

/** The shell's convention: 128 + n for a process that signal n ended. */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal ? signalExitCode(signal) : 128)
}

export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/** Takes the signals that would end this process at once, so that what it started can be stopped first. */
export type Interruption = {
  /** Aborted, with an `Interrupted` as its reason, once a signal has come. */
  signal: AbortSignal
  /** Runs the command on this terminal until it ends and gives its exit code; signals are passed on to it. */
  foreground(command: Command): Promise<number>
}

export function listenForSignals(): Interruption {
  const controller = new AbortController()
  let passOn: (signal: Signal) => void = () => undefined

  for (const signal of signals) {
    process.on(signal, () => {
      controller.abort(new Interrupted(signal))
      passOn(signal)
    })
  }

  async function foreground({ command: [file = '', ...args], ...where }: Command) {
    controller.signal.throwIfAborted()
    const child = spawn(file, args, { stdio: 'inherit', ...where })
    passOn = (signal) => {
      // A terminal sends Ctrl-C to all of its foreground processes: passed on as well, the command would get
      // it twice, and pytest and vitest take the second as "do not even tidy up".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    }
    return new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(new CannotContinue(`Cannot run ${file}: ${error.message}`, 127)))
      child.once('close', (code, signal) => resolve(exitCode(code, signal)))
    })
  }

  return { signal: controller.signal, foreground }
}
