import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CannotContinue, Interrupted } from '../errors.ts'
import { exitCode } from './run.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/** Takes the signals that would end this process at once, so that what it started can be stopped first. */
export type Interruption = {
  /** Aborted, with an `Interrupted` as its reason, once a signal has come. */
  signal: AbortSignal
  /** Runs the command on this terminal until it ends and gives its exit code; signals are passed on to it. */
  foreground(command: string[], env: NodeJS.ProcessEnv): Promise<number>
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

  async function foreground(command: string[], env: NodeJS.ProcessEnv) {
    controller.signal.throwIfAborted()
    const [file = '', ...args] = command
    const child = spawn(file, args, { stdio: 'inherit', env })
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

export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
