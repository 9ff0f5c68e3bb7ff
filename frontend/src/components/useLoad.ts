import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef, useState } from 'react'
import { isSessionEnd, RequestError } from '../api/request-error.ts'
import { useServices, useSession } from '../services.ts'
import { announce } from './announcer.ts'
import { type ErrorDetails, requestErrorDetails, unexpectedError } from './form/error-details.ts'
import { type Failed, useAutomaticRetry } from './retry.ts'

/** It stays while it is tried again, so that nothing jumps and the focus has its place. */
interface FailedLoad extends Failed {
  kind: 'failed'
  error: ErrorDetails
  isRetrying: boolean
}

export type Loaded<T> = { kind: 'loading' } | { kind: 'ready'; value: T } | FailedLoad

interface Load<T> {
  loaded: Loaded<T>
  /** A new `loading` state loads again, and drops what an earlier load still brings. */
  setLoaded: Dispatch<SetStateAction<Loaded<T>>>
  /** After a failure, now instead of after a wait. A try that is running counts. */
  retry: () => void
}

/**
 * Loads once, and again after a failure that may be over soon. If the session has ended, loads after the user has signed in
 * again.
 *
 * @param load must stay the same function between renders
 * @param recovered announced when it has loaded after a failure
 */
export function useLoad<T>(load: () => Promise<T>, recovered: string): Load<T> {
  const { session } = useServices()
  const isSignedIn = useSession().kind === 'user'
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' })
  const isWanted = loaded.kind === 'loading' || (loaded.kind === 'failed' && loaded.isRetrying)
  const latest = useRef(recovered)
  useEffect(() => {
    latest.current = recovered
  }, [recovered])
  const wanted = isSignedIn && isWanted ? loaded : undefined

  useEffect(() => {
    if (!wanted) return
    let isCurrent = true

    /** Only in place of the state that asked for it: what is set meanwhile ends this effect later, when it is rendered. */
    function settle(to: Loaded<T>): void {
      setLoaded((now) => (now === wanted ? to : now))
    }

    function fail(error: unknown): void {
      if (error instanceof RequestError && isSessionEnd(error.reason)) session.end()
      else if (isCurrent) settle(failedLoad(error, wanted))
    }

    void load().then((value) => {
      if (!isCurrent) return
      settle({ kind: 'ready', value })
      if (wanted.kind === 'failed') announce(latest.current)
    }, fail)
    return () => {
      isCurrent = false
    }
  }, [wanted, load, session])

  const retry = useCallback(() => setLoaded((now) => (now.kind === 'failed' ? { ...now, isRetrying: true } : now)), [])
  useAutomaticRetry(loaded.kind === 'failed' && !loaded.isRetrying ? loaded : null, retry)

  return { loaded, setLoaded, retry }
}

function failedLoad<T>(error: unknown, before: Loaded<T> | undefined): FailedLoad {
  const failures = before?.kind === 'failed' ? before.failures + 1 : 1
  if (error instanceof RequestError) {
    const { reason } = error
    return { kind: 'failed', error: requestErrorDetails(reason), reason, failures, isRetrying: false }
  }
  // A bug: also for whoever collects the page's errors.
  reportError(error)
  return { kind: 'failed', error: unexpectedError, reason: null, failures, isRetrying: false }
}
