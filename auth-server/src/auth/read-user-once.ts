import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuthContext } from 'better-auth'

type InternalAdapter = AuthContext['internalAdapter']
type User = NonNullable<Awaited<ReturnType<InternalAdapter['findUserById']>>>

export type SharedReads = {
  /** Makes a session, whose user was read a moment before. */
  startingWith<Result>(user: User, makeSession: () => Promise<Result>): Promise<Result>
}

/** Three look at the user for whom a session is made: for a ban, a second factor, a new device. They share one row. */
export function readUserOnce(internalAdapter: InternalAdapter): SharedReads {
  const { createSession, findUserById } = internalAdapter
  const reads = new AsyncLocalStorage<Map<string, ReturnType<typeof findUserById>>>()

  internalAdapter.findUserById = (userId) => {
    const read = reads.getStore()?.get(userId) ?? findUserById(userId)
    reads.getStore()?.set(userId, read)
    return read
  }
  internalAdapter.createSession = ((...given) =>
    reads.run(new Map(), () => createSession(...given))) as typeof createSession

  return { startingWith: (user, makeSession) => reads.run(new Map([[user.id, Promise.resolve(user)]]), makeSession) }
}
