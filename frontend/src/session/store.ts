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

/** What the auth server said, or that it said nothing. */
type Answer = Extract<Session, { kind: 'user' | 'nobody' | 'unavailable' }>

/** Signed in, and yet the browser brings no session along: it blocks the cookie, without a word. */
export class NoCookie extends Error {}

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

  function change(to: Session): void {
    changes += 1
    session = to
    for (const listener of listeners) listener()
  }

  /** Asks the auth server. An answer that something newer has overtaken, such as a sign-out, changes nothing. */
  async function ask(): Promise<Answer> {
    changes += 1
    const asked = changes
    const answer = await fetchSession().then((user): Answer => ({ kind: 'user', user }), readFailure)
    if (asked === changes) change(after(session, answer))
    return answer
  }

  async function check(): Promise<void> {
    await ask()
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
    /** After a sign-in or sign-up was answered with yes. Throws NoCookie, or RequestFailed where nobody can say. */
    async begin(): Promise<void> {
      const answer = await ask()
      if (answer.kind === 'nobody') throw new NoCookie()
      if (answer.kind === 'unavailable') throw new RequestFailed(answer.problem)
      channel.postMessage('signed-in' satisfies Message)
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

function readFailure(error: unknown): Answer {
  if (!(error instanceof RequestFailed)) throw error
  const isNobody = error.problem.kind === 'refused' && error.problem.status === 401
  return isNobody ? { kind: 'nobody' } : { kind: 'unavailable', problem: error.problem }
}

/** What was known stays known while nobody answers: no page is taken from under somebody who is typing. */
function after(session: Session, answer: Answer): Session {
  const isKnown = session.kind !== 'loading' && session.kind !== 'unavailable'
  if (answer.kind === 'unavailable' && isKnown) return session
  const isUsers = session.kind === 'user' || session.kind === 'ended'
  if (answer.kind === 'nobody' && isUsers) return { kind: 'ended', user: session.user }
  return answer
}
