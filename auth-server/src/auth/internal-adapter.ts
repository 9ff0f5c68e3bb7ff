import { runWithTransaction, tryGetCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { Pool } from 'pg'
import type { Env } from '../env.ts'
import type { LastUses } from '../sessions/last-uses.ts'
import { endConnectionsOfDeleted, hideConnectedServices, type ReadConnections } from './connected-accounts.ts'
import { findUserPrepared } from './find-user-of-sign-in.ts'
import { keepLastWayIn, type WaysIn } from './last-way-in.ts'
import { mailChanges } from './mails/changes.ts'
import type { Mails } from './mails/mails.ts'
import type { Observation } from './observation.ts'
import { takeStatesOnce } from './providers/state.ts'
import { readUserOnce } from './read-user-once.ts'
import { recordChanges } from './recorded.ts'
import { signInAtOnce } from './sign-in-at-once.ts'

/** The adapter's own type carries all of the options, which matter to nothing here. */
type Context = Pick<AuthContext, 'internalAdapter'> & { adapter: object; options: object }
type InternalAdapter = AuthContext['internalAdapter']

/** Corrects what better-auth reads and writes where no option or hook does. Each function replaces methods of one object. */
export async function correctInternalAdapter(
  context: Promise<Context>,
  observation: Observation,
  mails: Mails,
  lastUses: Pick<LastUses, 'note'>,
  waysIn: WaysIn,
  readConnections: ReadConnections,
  database: { env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DATABASE_POOLER'>; pool: Pool },
): Promise<void> {
  const { internalAdapter, adapter, options } = await context
  const { createSession } = internalAdapter
  findUserPrepared(internalAdapter, { ...database, options })
  hideConnectedServices(internalAdapter)
  hideBannedSessions(internalAdapter, observation)
  noteUses(internalAdapter, lastUses)
  hideHalfSignedIn(internalAdapter)
  takeAnyCredentialRow(internalAdapter)
  noteSoughtUsers(internalAdapter, observation)
  noteEndsOfSessions(internalAdapter, observation)
  mailChanges(internalAdapter, adapter as AuthContext['adapter'], mails)
  deleteUsersWhole(internalAdapter, adapter as AuthContext['adapter'])
  takeStatesOnce(internalAdapter)
  keepLastWayIn(internalAdapter, waysIn)
  recordChanges(internalAdapter, adapter as AuthContext['adapter'], observation, mails)
  endConnectionsOfDeleted(internalAdapter, readConnections)
  const reads = readUserOnce(internalAdapter)
  const parts = { ...database, adapter: adapter as AuthContext['adapter'], observation, mails, reads }
  signInAtOnce(internalAdapter, createSession, parts)
}

/**
 * better-auth ends the sessions of whom an administrator bans, and never looks again. Banned in any other way (by SQL),
 * a user would keep using its routes: so no session of theirs is found, as long as the ban lasts.
 */
function hideBannedSessions(internalAdapter: InternalAdapter, observation: Observation): void {
  const { findSession } = internalAdapter
  internalAdapter.findSession = async (token) => {
    const found = await findSession(token)
    if (!found) return found
    if (!isBanned(found.user)) {
      const { id, userId } = found.session
      observation.note({ presentedToken: token, presentedSession: { id, userId } })
      return found
    }
    observation.note({ isBanned: true })
    return null
  }
}

/** better-auth's own session check does not go through ours. */
function noteUses(internalAdapter: InternalAdapter, lastUses: Pick<LastUses, 'note'>): void {
  const { findSession } = internalAdapter
  internalAdapter.findSession = async (token) => {
    const found = await findSession(token)
    if (found && tryGetCurrentAuthEndpointContext()?.path === '/get-session') lastUses.note(found.session.id)
    return found
  }
}

/** The rule of the session check (`isHalfSignedIn` in sessions/fields.ts), for better-auth's own routes. */
function hideHalfSignedIn(internalAdapter: InternalAdapter): void {
  const { findSession } = internalAdapter
  internalAdapter.findSession = async (token) => {
    const found = await findSession(token)
    return found && isHalfSignedIn(found.session, found.user) ? null : found
  }
}

function isHalfSignedIn(session: Record<string, unknown>, user: Record<string, unknown>): boolean {
  return user.twoFactorEnabled === true && !session.secondFactorAt && !session.impersonatedBy
}

/** Columns of the admin plugin. */
function isBanned({ banned, banExpires }: Record<string, unknown>): boolean {
  if (banned !== true) return false
  return !(banExpires instanceof Date) || banExpires > new Date()
}

/**
 * better-auth takes a user's password only from the row whose `accountId` is the user's id. What other systems' migrations
 * write has the e-mail address there, or a number of theirs: a user's single `credential` row is that user's, whatever
 * it says. Of several, only one with the user's id counts: the others were never one user's choice of a password.
 */
function takeAnyCredentialRow(internalAdapter: InternalAdapter): void {
  const { findUserByEmail, findCredentialAccount, findAccounts, updatePassword, updateAccount } = internalAdapter

  internalAdapter.findUserByEmail = async (email, options) => {
    const found = await findUserByEmail(email, options)
    const account = found && credentialOf(found.accounts, found.user.id)
    if (!found || !account) return found
    const others = found.accounts.filter(({ id }) => id !== account.id)
    // Only in what is returned: the row stays as it is.
    return { ...found, accounts: [...others, { ...account, accountId: found.user.id }] }
  }

  internalAdapter.findCredentialAccount = async (userId) =>
    (await findCredentialAccount(userId)) ?? credentialOf(await findAccounts(userId), userId) ?? null

  internalAdapter.updatePassword = async (userId, password) => {
    const account = await internalAdapter.findCredentialAccount(userId)
    if (!account || account.accountId === userId) return updatePassword(userId, password)
    await updateAccount(account.id, { password })
  }
}

function credentialOf<Row extends { providerId: string; accountId: string }>(accounts: Row[], userId: string) {
  const rows = accounts.filter(({ providerId }) => providerId === 'credential')
  return rows.find(({ accountId }) => accountId === userId) ?? (rows.length === 1 ? rows[0] : undefined)
}

/** A sign-in that fails does not say whose account it was about. */
function noteSoughtUsers(internalAdapter: InternalAdapter, observation: Observation): void {
  const { findUserByEmail } = internalAdapter
  internalAdapter.findUserByEmail = async (email, options) => {
    const found = await findUserByEmail(email, options)
    if (!found) return found
    const account = credentialOf(found.accounts, found.user.id)
    const credential = account && { user: found.user, accountId: account.id }
    observation.note({ soughtUser: found.user.id, ...(credential && { credential }) })
    return found
  }
}

/** A reset does not say whose password it was, and a change not whether the other sessions were to end. */
function noteEndsOfSessions(internalAdapter: InternalAdapter, observation: Observation): void {
  const { deleteUserSessions } = internalAdapter
  internalAdapter.deleteUserSessions = (userId) => {
    observation.note({ endedFor: userId })
    return deleteUserSessions(userId)
  }
}

/**
 * better-auth deletes a user's sessions, accounts and row one after the other. Where the row cannot go, because another
 * table needs it, the user would be left without a password: all of them go, or none.
 */
function deleteUsersWhole(internalAdapter: InternalAdapter, adapter: AuthContext['adapter']): void {
  const { deleteUser } = internalAdapter
  internalAdapter.deleteUser = async (userId) => {
    await runWithTransaction(adapter, async () => deleteUser(userId))
  }
}
