import { AsyncLocalStorage } from 'node:async_hooks'
import type { User } from 'better-auth'
import type { Origin } from '../audit/events.ts'
import { isDatabaseUnavailable } from '../database/unavailable.ts'

type SoughtUser = User & { banned?: boolean | null; twoFactorEnabled?: boolean | null }
export type Guess = { key: string; isGivenBack: boolean }

/** What really happened while better-auth worked on one request: its own responses do not tell. */
export type Observed = {
  /** Where the request came from, for what is recorded of it. */
  origin?: Origin
  /** The database did not respond. better-auth turns this into 401 on some routes and into `null` on others. */
  databaseUnavailable?: unknown
  /** The database refused a value that the caller sent: SQLSTATE class 22, data exception. */
  refusedValue?: unknown
  /** The table whose unique constraint was violated: two requests raced. */
  duplicateIn?: string
  /** The caller's password, and the stored hash that it was found to belong to. */
  verified?: { password: string; hash: string }
  /** Gives the request's place among those that hash to others, and waits for one among those that hash for long. */
  enterCostly?: () => Promise<() => void>
  /** A sign-in was right, and stopped before a session was made: this user has a second factor, which comes next. */
  halfSignIn?: { userId: string; isRemembered: boolean; callbackURL?: string | undefined }
  /** The `identifier` of what that sign-in is continued with, as the table has it. */
  challenge?: string
  /** What better-auth would only have printed. */
  unexpected?: unknown
  /** Something was sent to the database that may have ended a session, or changed what a session check returns. */
  mayEndSessions?: boolean
  /** The database refused to do that. better-auth's sign-out says "done" all the same. */
  refusedEnd?: unknown
  /** How many sessions were deleted, before any rollback. */
  endedSessions?: number
  /** The user all of whose sessions were to end. */
  endedFor?: string
  /** A foreign key or a trigger of another table kept a user from being deleted. */
  blockedDeletion?: unknown
  /** A user was to be deleted: the next error of the database, at the commit at the latest, is about that. */
  isDeletingUser?: boolean
  /** A provider that users sign in at did not respond. */
  providerUnavailable?: Error
  /** The session that was presented belongs to a banned user. */
  isBanned?: boolean
  /** What better-auth does not wait for, and the response has to: mails are written before it, or were never asked for. */
  background?: Promise<unknown>[]
  /** Of the session that the caller presented, if it is one. */
  presentedToken?: string
  presentedSession?: { id: string; userId: string }
  /** Of the system that is being left, as the caller presented it. */
  oldToken?: string | undefined
  /** Who did what was recorded of this request. */
  actorId?: string
  /** Whether the browser has been signed in to the account with this address before. */
  isKnownDevice?: (email: string) => boolean
  /** The user whom this request has made: what comes with them is no change. */
  madeUser?: string
  /** The address of the user whom this request has signed in. */
  signedInAs?: string
  /** The next session takes the place of the caller's own: nobody signs in. */
  replacesSession?: boolean
  /** The browser that calls, where it has signed in before to the account of the address in the body: its id there. */
  knownDevice?: string | undefined
  /** Whose password, or other proof, the caller claims to have. */
  soughtUser?: string
  /** The same user with the row of the password, as they were read before it was verified. */
  credential?: { user: SoughtUser; accountId: string }
  /** What the request was counted under, as a guess at an account, and whether the count has it back. */
  guess?: Guess | undefined
  /** The session was made while the password was still the one that was verified: nobody has to look again. */
  isRechecked?: boolean
}

/** Finds the request that better-auth is working on, however deep inside of it the code is that has something to note. */
export class Observation {
  readonly #requests = new AsyncLocalStorage<Observed>()

  /** Of the current request; undefined outside of one: then nobody will read it. */
  get current(): Observed | undefined {
    return this.#requests.getStore()
  }

  note(observed: Observed): void {
    if (this.current) Object.assign(this.current, observed)
  }

  /** How many sessions `work` deletes, apart from what else the same request does meanwhile. */
  async countEnded(work: () => Promise<unknown>): Promise<number> {
    const { current } = this
    const { origin } = current ?? {}
    const observed: Observed = { ...(origin && { origin }) }
    try {
      await this.#requests.run(observed, work)
      return observed.endedSessions ?? 0
    } finally {
      const before = current?.endedSessions ?? 0
      if (current) Object.assign(current, observed, { endedSessions: before + (observed.endedSessions ?? 0) })
    }
  }

  /** Runs one request's work. It does not reject: what was thrown is in `observed.unexpected`. */
  async observe(
    origin: Origin,
    work: (observed: Observed) => Promise<Response>,
  ): Promise<{ response: Response | undefined; observed: Observed }> {
    const observed: Observed = { origin }
    try {
      return { response: await this.#requests.run(observed, () => work(observed)), observed }
    } catch (error) {
      noteError(error, observed)
      observed.unexpected = error
      return { response: undefined, observed }
    }
  }
}

/** What an error says of the database. */
export function noteError(error: unknown, observed: Observed): void {
  if (!(error instanceof Error)) return
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (isDatabaseUnavailable(error)) observed.databaseUnavailable ??= error
  else if (code.startsWith('22')) observed.refusedValue ??= error
  else if (code === '23505' && 'table' in error) observed.duplicateIn = String(error.table)
}
