import type { User } from '../api/answers.ts'
import { type Problem, RequestFailed } from '../api/problem.ts'

export type Session =
  | { kind: 'loading' }
  | { kind: 'nobody' }
  | { kind: 'user'; user: User }
  /** It was this user's, and ended while the page was open: the page stays, with what they typed, and asks them to sign in again. */
  | { kind: 'ended'; user: User }
  /** Nobody knows. Never read as `nobody`. */
  | { kind: 'unavailable'; problem: Problem }

export type SessionStore = ReturnType<typeof createSessionStore>

type Message = 'signed-in' | 'signed-out'

interface Parts {
  fetchSession: () => Promise<User>
  /** Reaches this app's other tabs. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>
}

/** Who is signed in, kept the same in all tabs. */
export function createSessionStore({ fetchSession, channel }: Parts) {
  let session: Session = { kind: 'loading' }
  let changes = 0
  const listeners = new Set<() => void>()

  function change(to: Session): Session {
    changes += 1
    session = to
    for (const listener of listeners) listener()
    return session
  }

  /** Asks the auth server. An answer that something newer has overtaken, such as a sign-out, is dropped. */
  async function check(): Promise<Session> {
    changes += 1
    const asked = changes
    const found = await fetchSession().then(
      (user): Session => ({ kind: 'user', user }),
      (error: unknown) => afterFailure(session, error),
    )
    return asked === changes ? change(found) : session
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data === 'signed-in') void check()
    if (data === 'signed-out') change({ kind: 'nobody' })
  })

  return {
    get: () => session,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check,
    /** After a sign-in or sign-up was answered with yes. */
    async begin(): Promise<Session> {
      const found = await check()
      channel.postMessage('signed-in' satisfies Message)
      return found
    },
    /** A service said that there is no session any more. */
    end(): void {
      if (session.kind === 'user' || session.kind === 'ended') change({ kind: 'ended', user: session.user })
    },
    /** After a sign-out was answered, or when somebody else wants to sign in here. */
    leave(): void {
      change({ kind: 'nobody' })
      channel.postMessage('signed-out' satisfies Message)
    },
  }
}

function afterFailure(session: Session, error: unknown): Session {
  if (!(error instanceof RequestFailed)) throw error
  const isNobody = error.problem.kind === 'refused' && error.problem.status === 401
  const isKnown = session.kind === 'user' || session.kind === 'ended'
  if (isNobody) return isKnown ? { kind: 'ended', user: session.user } : { kind: 'nobody' }
  return isKnown ? session : { kind: 'unavailable', problem: error.problem }
}
