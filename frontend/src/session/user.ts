import type { Client } from '../api/client.ts'
import { readField, readNothing, readText, UnexpectedResponse } from '../api/read.ts'

/** What the pages need of the signed-in user. */
export interface User {
  id: string
  email: string
  name: string
  emailVerified: boolean
}

/** null: nobody. `optional`, because browsers log a 401 as an error, and a guest's visit is none. */
export const fetchUser = (auth: Client) => auth('GET', '/api/auth/session?optional=true', readOptionalUser)

export const signOut = (auth: Client) => auth('POST', '/api/auth/sign-out', readNothing, {})

/** Nobody only if the response says so in both fields: a body that is cut short says nothing. */
function readOptionalUser(body: unknown): User | null {
  if (readField(body, 'user') !== null) return readUser(body)
  if (readField(body, 'session') !== null) throw new UnexpectedResponse('a session without its user')
  return null
}

/** Of the response to a sign-in: it was right, and the second factor comes next. There is no session yet. */
export function isHalfSignedIn(body: unknown): boolean {
  return readField(body, 'twoFactorRedirect') === true
}

/** Of a session, and of the response to a sign-in or sign-up. */
export function readUser(body: unknown): User {
  const user = readField(body, 'user')
  return {
    id: readText(user, 'id'),
    email: readText(user, 'email'),
    name: readText(user, 'name'),
    emailVerified: readField(user, 'emailVerified') === true,
  }
}
