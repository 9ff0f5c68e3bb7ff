import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import { isSessionEnd, RequestFailed } from '../../api/problem.ts'
import { type Failure, failureOfProblem } from '../../components/form/failure.ts'
import { useServices, useSession } from '../../services.ts'

export type Loaded<T> = { kind: 'loading' } | { kind: 'ready'; value: T } | { kind: 'failed'; failure: Failure }

/**
 * Loads once; setting the state to `loading` anew loads again, and what was still under way is not taken. What cannot be loaded because the session has ended is
 * loaded after signing in again.
 *
 * @param load must stay the same function between renderings
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
      if (!(error instanceof RequestFailed)) throw error
      if (isSessionEnd(error.problem)) session.end()
      else if (isCurrent) setLoaded({ kind: 'failed', failure: failureOfProblem(error.problem) })
    }

    void load().then((value) => isCurrent && setLoaded({ kind: 'ready', value }), fail)
    return () => {
      isCurrent = false
    }
  }, [wanted, load, session])

  return [loaded, setLoaded]
}
