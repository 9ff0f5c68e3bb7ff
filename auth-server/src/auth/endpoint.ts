import type { HttpEnv } from '../http/context.ts'
import type { Guess } from './observation.ts'

/**
 * What this server knows about one path of better-auth. Every rule that goes by path is a column here. In doubt: an
 * endpoint that may sign in has `session: 'made'`, any other `used`; the rest is strictest at its first value.
 */
export type Endpoint = {
  methods: readonly ('GET' | 'POST')[]
  /**
   * What the session of the caller is to it.
   * - `used`: the endpoint acts on it. A bearer token that opens nothing is refused.
   * - `made`: it works for anybody and signs in. A page of another site may not call it, and a sign-in whose password
   *   was changed in the meantime is refused.
   * - `unused`: it works for anybody, and signs nobody in on behalf of a page.
   *
   * A program sends its stored token with every call, also with the one that gets it a new token. So where the session
   * is not used, a bearer token that opens nothing is left out.
   */
  session: 'used' | 'made' | 'unused'
  /**
   * What it does with a password. All but `unused` hash one, so they wait in the hashing queue.
   * - `changed`: `newPassword` of the body replaces a user's password, and that user's other sessions end.
   * - `set`: `password` of the body is a new one.
   * - `verified`: `password` of the body is compared with the user's.
   */
  password: 'changed' | 'set' | 'verified' | 'unused'
  /** Whether it may end a session, or change what a session check returns: then the response is held, see hold.ts. */
  mayEndSessions: boolean
  /**
   * How often one client address may call it.
   * - `guessing`: RATE_LIMIT_SIGN_IN. For what shows whether a guess was right.
   * - `default`: better-auth's own limit for this path, or RATE_LIMIT_DEFAULT.
   * - `none`: it is not counted.
   */
  limit: 'guessing' | 'default' | 'none'
  /** The account that a wrong password or code is a guess at: the one with the `email` of the body. See account-limit.ts. */
  guesses?: 'email'
  /** The name in the body of the one session that it revokes: by its token, or by the id that a list has. 404 if none ends. */
  revokes?: 'token' | 'sessionToken'
  /** It ends all sessions of the caller but the one that calls, and so what else opens the account: see ended-old-tokens.ts. */
  endsOthers?: true
  /** The response has sessions, which better-auth names by their tokens: see named-sessions.ts. */
  lists?: 'sessions'
  /**
   * Who refuses a `userId` in the body that no user has: `server` where better-auth would say "done"; `ignored`: better-auth
   * takes the caller's own id.
   */
  unknownUser?: 'server' | 'better-auth' | 'ignored'
  /** A session that it makes has passed this. No other endpoint makes one for a user who has a second factor: see second-factor.ts. */
  proves?: 'second-factor'
  /** It changes how its user signs in, or ends the account: no administrator may call it who acts as the user. See impersonated.ts. */
  ownerOnly?: true
  /** It makes a user of whoever asks. Refused where SIGN_UP is closed. */
  signsUp?: true
  /** A response may lead a browser to the sign-in page of a provider; without this, only to the configured origins. */
  leadsTo?: 'provider'
  /** It must not show whether an address has an account, by the time that it takes either: see alike.ts. */
  alike?: true
  /** A page of a provider sends the browser here. A form may be posted, and an error is for the app to show: providers/callback.ts. */
  comesFrom?: 'provider'
  /** Completes a body, where what a caller leaves out means something else here than in better-auth. */
  complete?: (body: Body) => Body
}

export const GET = ['GET'] as const
export const POST = ['POST'] as const

export type Body = Record<string, unknown>
/** By path, as better-auth writes it: without `/api/auth`, with `:name` for a parameter. */
export type Endpoints = Readonly<Record<`/${string}`, Endpoint>>

/** A request under /api/auth/*, behind `knownEndpoint`. */
export type AuthEnv = HttpEnv & {
  Variables: {
    endpoint: Endpoint
    /** For hold.ts: what it sent to the database may have ended a session, or changed what a session check returns. */
    mayEndSessions: boolean | undefined
    /** The address of the user whom it has signed in. */
    signedInAs: string | undefined
    /** As what account-limit.ts has counted it. */
    guess: Guess | undefined
    /** For what costs more than a hash of our own: gives up the place in the queue. See admission.ts. */
    leaveHashing: (() => void) | undefined
  }
}
