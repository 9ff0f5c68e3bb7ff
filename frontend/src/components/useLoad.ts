import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import { isSessionEnd, RequestError } from '../api/request-error.ts'
import { useServices, useSession } from '../services.ts'
import { type ErrorDetails, requestErrorDetails } from './form/error-details.ts'

export type Loaded<T> = { kind: 'loading' } | { kind: 'ready'; value: T } | { kind: 'failed'; error: ErrorDetails }

/**
 * Loads once. Setting a new `loading` state loads again, and drops what an earlier load still brings. If the session has
 * ended, loads after the user has signed in again.
 *
 * @param load must stay the same function between renders
 */
export function useLoad<T>(load: () => Promise<T>): [Loaded<T>, Dispatch<SetStateAction<Loaded<T>>>] {
  const { session } = useServices()
  const isSignedIn = useSession().kind === 'user'
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' })
  const wanted = isSignedIn && loaded.kind === 'loading' ? loaded : undefined

  useEffect(() => {
    if (!wanted) return
    let isCurrent = true

    function fail(error: unknown): void {
      if (!(error instanceof RequestError)) throw error
      if (isSessionEnd(error.reason)) session.end()
      else if (isCurrent) setLoaded({ kind: 'failed', error: requestErrorDetails(error.reason) })
    }

    void load().then((value) => isCurrent && setLoaded({ kind: 'ready', value }), fail)
    return () => {
      isCurrent = false
    }
  }, [wanted, load, session])

  return [loaded, setLoaded]
}
