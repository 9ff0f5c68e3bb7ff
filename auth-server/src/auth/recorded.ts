import { tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { Mails } from './mails/mails.ts'
import { isNewDevice, readFirstThrough } from './new-devices.ts'
import type { Observation } from './observation.ts'
import {
  addedAccount,
  changesOf,
  endedSession,
  endedSessions,
  isSignIn,
  madeUser,
  setPassword,
  signedIn,
  startedImpersonation,
  WATCHED,
} from './recorded-events.ts'
import { recordRows } from './recorded-rows.ts'
import { Recorder, together } from './recorder.ts'

type InternalAdapter = AuthContext['internalAdapter']

/** Records what better-auth does to users, passwords and sessions: neither happens without the other. */
export function recordChanges(
  internalAdapter: InternalAdapter,
  adapter: AuthContext['adapter'],
  observation: Observation,
  mails: Mails,
): void {
  const recorder = new Recorder(adapter, observation, mails)
  recordUsers(internalAdapter, recorder)
  recordChangesOfUsers(internalAdapter, recorder)
  recordPasswords(internalAdapter, recorder)
  recordNewSessions(internalAdapter, recorder, { adapter, observation })
  recordEndsOfSessions(internalAdapter, recorder)
  recordRows(adapter, recorder)
}

/** Of better-auth's endpoint, such as `/sign-in/email`. */
const path = () => tryGetCurrentAuthEndpointContext()?.path ?? ''

function recordUsers(internalAdapter: InternalAdapter, recorder: Recorder): void {
  const { createUser, createOAuthUser, deleteUser, findUserById } = internalAdapter
  internalAdapter.createUser = recorder.method(createUser, (user) => (user ? [madeUser(path(), user.id)] : []))
  internalAdapter.createOAuthUser = recorder.method(createOAuthUser, ({ user }) => [madeUser(path(), user.id)])
  internalAdapter.deleteUser = (userId) =>
    recorder.inOne(async () => {
      // First: what the database refuses after a deletion is taken for a row that still needs the user.
      if (await findUserById(userId)) await recorder.record([{ type: 'user-deleted', userId }])
      await deleteUser(userId)
    })
}

function recordChangesOfUsers(internalAdapter: InternalAdapter, recorder: Recorder): void {
  const { updateUser, updateUserByEmail, findUserById, findUserByEmail } = internalAdapter

  internalAdapter.updateUser = (async (userId, data) => {
    if (!isWatched(data)) return updateUser(userId, data)
    return recorder.inOne(async () => {
      const [before, after] = [await findUserById(userId), await updateUser(userId, data)]
      if (before && after) await recorder.record(changesOf(before, after))
      return after
    })
  }) as typeof updateUser

  internalAdapter.updateUserByEmail = (async (email, data) => {
    if (!isWatched(data)) return updateUserByEmail(email, data)
    return recorder.inOne(async () => {
      const [before, after] = [await findUserByEmail(email), await updateUserByEmail(email, data)]
      if (before && after) await recorder.record(changesOf(before.user, after))
      return after
    })
  }) as typeof updateUserByEmail
}

const isWatched = (data: object) => WATCHED.some((column) => column in data)

function recordPasswords(internalAdapter: InternalAdapter, recorder: Recorder): void {
  const { updatePassword, updateAccount, createAccount, linkAccount } = internalAdapter
  const added = (account: { userId: string; providerId: string }) =>
    account.providerId === 'credential' ? [] : [addedAccount(account)]
  const hasPassword = (data: object) => 'password' in data && typeof data.password === 'string'
  internalAdapter.updatePassword = recorder.method(updatePassword, (_none, userId) => [setPassword(path(), userId)])
  internalAdapter.updateAccount = recorder.method(updateAccount, (account, _id, data) =>
    account && hasPassword(data) ? [setPassword(path(), account.userId)] : [],
  )
  // Of a user who had none. A sign-up and an administrator's new user get theirs by another method.
  internalAdapter.createAccount = recorder.method(createAccount, (account, data) =>
    !account ? [] : hasPassword(data) ? [setPassword(path(), account.userId)] : added(account),
  )
  internalAdapter.linkAccount = recorder.method(linkAccount, (account) => (account ? added(account) : []))
}

type Parts = { adapter: AuthContext['adapter']; observation: Observation }
type MadeSession = Parameters<typeof signedIn>[1]

function recordNewSessions(internalAdapter: InternalAdapter, recorder: Recorder, parts: Parts): void {
  const { createSession } = internalAdapter
  const { observation } = parts
  const readFirst = readFirstThrough(parts.adapter)

  async function signIn(session: MadeSession): Promise<void> {
    const user = await internalAdapter.findUserById(session.userId)
    const isNews = user !== null && (await isNewDevice({ observation, readFirst }, user))
    await recorder.record([signedIn(path(), session, isNews)])
    if (user) observation.note({ signedInAs: user.email })
  }

  internalAdapter.createSession = (async (...given) =>
    recorder.inOne(async () => {
      const session: MadeSession | null = await createSession(...given)
      if (!session) return session
      await recorder.record(startedImpersonation(session))
      if (isSignIn(path(), session) && !observation.current?.replacesSession) await signIn(session)
      return session
    })) as typeof createSession
}

function recordEndsOfSessions(internalAdapter: InternalAdapter, recorder: Recorder): void {
  const { deleteSession, deleteSessions, deleteUserSessions } = internalAdapter
  const endWithOthers = together(recorder.request, (tokens: string[]) =>
    recorder.inOne(async () => {
      const ended = await recorder.countEnded(() => inParts(tokens, deleteSessions))
      const userId = tryGetCurrentAuthEndpointContext()?.context.session?.user.id
      if (userId !== undefined) await recorder.record(endedSessions(path(), userId, ended))
    }),
  )
  const endOne = (token: string) =>
    recorder.inOne(async () => {
      const session = await recorder.findSession(token)
      const ended = await recorder.countEnded(() => deleteSession(token))
      // Of two at once, one ends it.
      if (session && ended > 0) await recorder.record(endedSession(path(), session))
    })
  internalAdapter.deleteSession = (token) =>
    path() === '/revoke-other-sessions' ? endWithOthers(token) : endOne(token)
  internalAdapter.deleteUserSessions = (userId) =>
    recorder.inOne(async () => {
      const ended = await recorder.countEnded(() => deleteUserSessions(userId))
      await recorder.record(endedSessions(path(), userId, ended))
    })
}

/** A statement takes 65,535 parameters. */
const PART = 10_000

async function inParts(tokens: string[], work: (part: string[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < tokens.length; start += PART) await work(tokens.slice(start, start + PART))
}
