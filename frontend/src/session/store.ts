import { type Reason, RequestError } from '../api/request-error.ts'
import type { User } from './user.ts'

export type Session =
  | { kind: 'loading' }
  /** `hasSignedOut`: a user of this tab, who should be told that it worked. */
  | { kind: 'nobody'; hasSignedOut: boolean }
  | { kind: 'user'; user: User }
  /** It ended while the page was open. The page stays, with what the user typed, and asks them to sign in again. */
  | { kind: 'ended'; user: User }
  /** Don't know. Never read as `nobody`. */
  | { kind: 'unavailable'; reason: Reason }

type Result = Extract<Session, { kind: 'user' | 'nobody' | 'unavailable' }>

/** Signed in, but the browser sends no session with the next request: it blocks the cookie, without telling anyone. */
export class NoCookie extends Error {}

export type SessionStore = ReturnType<typeof createSessionStore>

const NOBODY: Result = { kind: 'nobody', hasSignedOut: false }

type Message = 'signed-in' | 'signed-out'

interface Dependencies {
  fetchUser: () => Promise<User | null>
  /** Reaches this app's other tabs. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>
}

/** Who is signed in, kept the same in all tabs. */
export function createSessionStore({ fetchUser, channel }: Dependencies) {
  let session: Session = { kind: 'loading' }
  let changes = 0
  let running: { startedAt: number; result: Promise<Result> } | undefined
  /** A sign-out that runs, and whether the end of the session has been heard of meanwhile. */
  let leaving: { isEnded: boolean } | undefined
  const listeners = new Set<() => void>()

  function change(to: Session): void {
    changes += 1
    session = to
    for (const listener of listeners) listener()
  }

  /** A response that something newer has overtaken, such as a sign-out, changes nothing. */
  async function fetchSession(): Promise<Result> {
    changes += 1
    const startedAt = changes
    const result = await fetchUser().then(resultOf, resultOfError)
    if (startedAt !== changes) return result
    const next = after(session, result)
    if (next.kind === 'ended') end()
    else change(next)
    return result
  }

  function end(): void {
    if (leaving) leaving.isEnded = true
    else if (session.kind === 'user' || session.kind === 'ended') change({ kind: 'ended', user: session.user })
  }

  /** One at a time: an automatic retry, a click and the return to the tab may all ask at once. */
  async function check(): Promise<void> {
    if (running?.startedAt !== changes) {
      const result = fetchSession()
      running = { startedAt: changes, result }
    }
    await running.result
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    // Not check(): one that runs may have its response from before the sign-in.
    if (data === 'signed-in') void fetchSession()
    if (data === 'signed-out') change(withoutUser(session))
  })

  return {
    get: () => session,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check,
    /** After a successful sign-in or sign-up. Throws NoCookie, or RequestError if the session could not be checked. */
    async begin(): Promise<void> {
      const result = await fetchSession()
      if (result.kind === 'nobody') throw new NoCookie()
      if (result.kind === 'unavailable') throw new RequestError(result.reason)
      channel.postMessage('signed-in' satisfies Message)
    },
    /** After a service has responded that there is no session any more. */
    end,
    /**
     * Its response may come after those that refuse what the page still loads. They ask nobody to sign in again, unless the user
     * stays here because the sign-out has failed.
     */
    async signOut(request: () => Promise<void>): Promise<void> {
      const mine = { isEnded: false }
      leaving = mine
      try {
        await request()
        change({ kind: 'nobody', hasSignedOut: true })
        channel.postMessage('signed-out' satisfies Message)
      } finally {
        leaving = undefined
        if (mine.isEnded) end()
      }
    },
    /** After an account was deleted, or when another user wants to sign in where a session has ended. */
    leave(): void {
      change(withoutUser(session))
      channel.postMessage('signed-out' satisfies Message)
    },
  }
}

function resultOf(user: User | null): Result {
  return user ? { kind: 'user', user } : NOBODY
}

function resultOfError(error: unknown): Result {
  if (!(error instanceof RequestError)) throw error
  const isNobody = error.reason.kind === 'refused' && error.reason.status === 401
  return isNobody ? NOBODY : { kind: 'unavailable', reason: error.reason }
}

function withoutUser(session: Session): Session {
  const hasSignedOut = session.kind === 'user' || (session.kind === 'nobody' && session.hasSignedOut)
  return { kind: 'nobody', hasSignedOut }
}

/** An outage changes nothing that was known: no page disappears while its user is typing. */
function after(session: Session, result: Result): Session {
  const isKnown = session.kind !== 'loading' && session.kind !== 'unavailable'
  if (result.kind === 'unavailable' && isKnown) return session
  if (result.kind === 'nobody' && session.kind === 'nobody') return session
  const hasUser = session.kind === 'user' || session.kind === 'ended'
  if (result.kind === 'nobody' && hasUser) return { kind: 'ended', user: session.user }
  return result
}
