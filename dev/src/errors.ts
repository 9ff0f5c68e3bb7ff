/**
 * What the user at the terminal can fix. `main.ts` prints the message alone, without a stack;
 * anything else that is thrown is a bug here and keeps its stack.
 */
export class CannotContinue extends Error {
  override name = 'CannotContinue'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** A signal ended the run. The exit code is the shell's: 128 + the signal's number. */
export class Interrupted extends Error {
  override name = 'Interrupted'
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`)
    this.signal = signal
  }
}
