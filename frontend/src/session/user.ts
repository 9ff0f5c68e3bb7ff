import type { Client } from '../api/client.ts'
import { readField, readNothing, readText } from '../api/read.ts'

/** What the pages need of the signed-in user. */
export interface User {
  id: string
  email: string
  name: string
}

export const fetchUser = (auth: Client) => auth('GET', '/api/auth/session', readUser)

export const signOut = (auth: Client) => auth('POST', '/api/auth/sign-out', readNothing, {})

/** Of a session, and of the response to a sign-in or sign-up. */
export function readUser(body: unknown): User {
  const user = readField(body, 'user')
  return { id: readText(user, 'id'), email: readText(user, 'email'), name: readText(user, 'name') }
}
