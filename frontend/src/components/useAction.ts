import { useRef, useState } from 'react'
import { isSessionEnd, RequestError } from '../api/request-error.ts'
import { useServices } from '../services.ts'
import { type ErrorDetails, errorDetails, type Refusals, unexpectedError } from './form/error-details.ts'

const SLOW_AFTER_MS = 10_000

export type Progress =
  | { kind: 'ready' }
  | { kind: 'busy' }
  /** Busy for so long that the user should be told. */
  | { kind: 'slow' }
  | { kind: 'failed'; error: ErrorDetails }

export interface Action<A extends unknown[]> {
  progress: Progress
  run: (...args: A) => void
}

export function isBusy(progress: Progress): boolean {
  return progress.kind === 'busy' || progress.kind === 'slow'
}

/**
 * Runs one action at a time, ignores further calls meanwhile, and keeps the error.
 *
 * @param refusals what the service's error codes mean for this form
 */
export function useAction<A extends unknown[]>(
  action: (...args: A) => Promise<void>,
  refusals: Refusals = {},
): Action<A> {
  const { session } = useServices()
  const [progress, setProgress] = useState<Progress>({ kind: 'ready' })
  // A second click can come before React has rendered the busy button.
  const isRunning = useRef(false)

  async function start(args: A): Promise<void> {
    isRunning.current = true
    setProgress({ kind: 'busy' })
    const slow = setTimeout(() => setProgress({ kind: 'slow' }), SLOW_AFTER_MS)
    try {
      await action(...args)
      setProgress({ kind: 'ready' })
    } catch (error) {
      setProgress(afterError(error, refusals, session.end))
    } finally {
      clearTimeout(slow)
      isRunning.current = false
    }
  }

  return {
    progress,
    run: (...args) => {
      if (!isRunning.current) void start(args)
    },
  }
}

/** The end of a session is no error of the action: the page asks to sign in again. */
function afterError(error: unknown, refusals: Refusals, endSession: () => void): Progress {
  if (error instanceof RequestError && isSessionEnd(error.reason)) {
    endSession()
    return { kind: 'ready' }
  }
  const details = errorDetails(error, refusals)
  // A bug: also for whoever collects the page's errors.
  if (!details) reportError(error)
  return { kind: 'failed', error: details ?? unexpectedError }
}
