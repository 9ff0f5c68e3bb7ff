import { useRef, useState } from 'react'
import { isSessionEnd, RequestFailed } from '../api/problem.ts'
import { useServices } from '../services.ts'
import { type Failure, failure, failureOf } from './form/failure.ts'

const SLOW_AFTER_MS = 10_000

export type Progress =
  | { kind: 'ready' }
  | { kind: 'busy' }
  /** Busy for so long that it should be said. */
  | { kind: 'slow' }
  | { kind: 'failed'; failure: Failure }

export interface Act<A extends unknown[]> {
  progress: Progress
  run: (...args: A) => void
}

export function isBusy(progress: Progress): boolean {
  return progress.kind === 'busy' || progress.kind === 'slow'
}

/** Does one thing at a time, however often it is asked for meanwhile, and keeps what came of it. */
export function useAct<A extends unknown[]>(act: (...args: A) => Promise<void>): Act<A> {
  const { session } = useServices()
  const [progress, setProgress] = useState<Progress>({ kind: 'ready' })
  // A second click can come before React has drawn the busy button.
  const isRunning = useRef(false)

  async function start(args: A): Promise<void> {
    isRunning.current = true
    setProgress({ kind: 'busy' })
    const slow = setTimeout(() => setProgress({ kind: 'slow' }), SLOW_AFTER_MS)
    try {
      await act(...args)
      setProgress({ kind: 'ready' })
    } catch (error) {
      setProgress(afterFailure(error, session.end))
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

/** A session that has ended is no failure of the act: the page asks to sign in again. */
function afterFailure(error: unknown, endSession: () => void): Progress {
  if (error instanceof RequestFailed && isSessionEnd(error.problem)) {
    endSession()
    return { kind: 'ready' }
  }
  const known = failureOf(error)
  // A bug: said to the person, and to whoever watches the page's errors.
  if (!known) reportError(error)
  return { kind: 'failed', failure: known ?? failure('unexpected') }
}
